import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Deployed } from "./cycle";

/** A kept connection that the local server closes in the moment of a call is an error to the provider, and two in a row happen. */
const MAX_RETRIES = 4;

/**
 * The stack's JSON and assets in a folder of their own, over a state in `work`, by the name
 * that the stack gives it unless told; unless `isPatient` without the provider's patience, which would repeat for minutes
 * what the double refuses for good.
 *
 * @throws when the folder is no synthesized stack: a copy of anything else is nothing to deploy.
 */
export function copyStack(
  synthesized: string,
  target: string,
  work: string,
  stateName?: string,
  isPatient = false,
): string {
  const json = path.join(synthesized, "cdk.tf.json");
  if (!existsSync(json)) throw new Error(`${synthesized}: got no cdk.tf.json, takes the folder of a synthesized stack`);
  mkdirSync(target, { recursive: true });
  cpSync(json, path.join(target, "cdk.tf.json"));
  const assets = path.join(synthesized, "assets");
  if (existsSync(assets)) cpSync(assets, path.join(target, "assets"), { recursive: true });
  const override = {
    ...(!isPatient && { provider: { aws: [{ max_retries: MAX_RETRIES }] } }),
    terraform: { backend: { local: { path: path.join(work, stateName ?? buildStateName(synthesized)) } } },
  };
  writeFileSync(path.join(target, "double_override.tf.json"), JSON.stringify(override));
  return target;
}

/**
 * The stack is a Terraform root by itself: JSON and assets, anywhere, mean the same.
 *
 * @throws {StepFailed} when they do not; the message shows the plan.
 */
export async function copyPlansTheSame({
  synthesized,
  terraform,
  work,
}: Pick<Deployed, "synthesized" | "terraform" | "work">): Promise<void> {
  const elsewhere = terraform.in(copyStack(synthesized, path.join(work, "elsewhere", "a copy"), work));
  await elsewhere.init();
  await elsewhere.planNothing("copy", "-refresh=false", "-lock=false");
}

/** Name of the file a stack keeps its state in. */
export function buildStateName(synthesized: string): string {
  const { terraform } = JSON.parse(readFileSync(path.join(synthesized, "cdk.tf.json"), "utf8"));
  return path.basename(terraform.backend?.local?.path ?? "terraform.tfstate");
}
