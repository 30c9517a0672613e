import { UserError } from "../../environment/user-error";
import { aws, awsText } from "../machine/aws-cli";
import type { Engine } from "./engine";

const URI = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)\/([a-z0-9]+(?:[._/-][a-z0-9]+)*)$/;

/** A private repository of Elastic Container Registry. */
export interface Repository {
  readonly uri: string;
  readonly account: string;
  readonly registry: string;
  readonly region: string;
  readonly name: string;
}

/** @throws {UserError} for a text that is no ECR repository. */
export function parseRepository(uri: string): Repository {
  const [, account, region, domain, name] = URI.exec(uri) ?? [];
  if (account === undefined || region === undefined || name === undefined) {
    throw new UserError(
      `--push: got ${JSON.stringify(uri)}, takes an ECR repository without a tag, as in ` +
        "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app",
    );
  }
  return { uri, account, region, name, registry: `${account}.dkr.ecr.${region}.${domain}` };
}

/** Whether the repository has an image with this tag. Tags are hashes of the content, so it is the same image. */
export async function hasTag({ account, region, name }: Repository, tag: string): Promise<boolean> {
  const call = ["ecr", "batch-get-image", "--registry-id", account, "--repository-name", name];
  const { images } = await aws(region, ...call, "--image-ids", `imageTag=${tag}`);
  return (images ?? []).length > 0;
}

/** Logs the engine in with a password that is valid for twelve hours. The password is in no argument and no variable. */
export async function logIn(engine: Engine, { region, registry }: Repository): Promise<void> {
  const password = await awsText(region, "ecr", "get-login-password");
  await engine.login(registry, password.trim());
}
