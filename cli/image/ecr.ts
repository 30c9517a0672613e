import { type Engine, ImageError, run } from "./engine";

const AWS_CLI = "see https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";
const URI = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.(amazonaws\.com(?:\.cn)?)\/([a-z0-9]+(?:[._/-][a-z0-9]+)*)$/;

/** A private repository of Elastic Container Registry. */
export interface Repository {
  readonly uri: string;
  readonly account: string;
  readonly registry: string;
  readonly region: string;
  readonly name: string;
}

/** @throws {ImageError} when it is none, before anything is built. */
export function parseRepository(uri: string): Repository {
  const [, account, region, domain, name] = URI.exec(uri) ?? [];
  if (account === undefined || region === undefined || name === undefined) {
    throw new ImageError(
      `image: --push: got ${JSON.stringify(uri)}, takes an ECR repository without a tag, as in ` +
        "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app",
    );
  }
  return { uri, account, region, name, registry: `${account}.dkr.ecr.${region}.${domain}` };
}

/** Whether the repository has an image of this tag: tags are made of content, so it is the same one. */
export function hasTag({ account, region, name }: Repository, tag: string): boolean {
  const query = "images[].imageId.imageTag";
  const args = ["ecr", "batch-get-image", "--region", region, "--registry-id", account, "--repository-name", name];
  const ids = ["--image-ids", `imageTag=${tag}`, "--query", query, "--output", "text"];
  return run("aws", [...args, ...ids], undefined, AWS_CLI)
    .split(/\s+/)
    .includes(tag);
}

/** Logs the engine in with a password that lives twelve hours; it is in no argument and no variable. */
export function logIn(engine: Engine, { region, registry }: Repository): void {
  const password = run("aws", ["ecr", "get-login-password", "--region", region], undefined, AWS_CLI).trim();
  engine.login(registry, password);
}
