import path from "node:path";
import { FailedError } from "../machine/failed-error";
import type { Ended } from "../machine/programs";
import type { MadePlan } from "../terraform/make-plan";
import { PLAN_FILE } from "../terraform/plan-folder";
import { runTerraform } from "../terraform/run-terraform";
import { findWayOut } from "../terraform/ways-out";

/**
 * Applies a plan with Terraform, and shows Terraform's output: a line when a resource begins and ends, and every ten seconds for a resource
 * in progress, with the elapsed time.
 *
 * @param fails - the section of the docs about a failure
 * @param explain - finds the reason of a failure by Terraform's errors, where AWS has to be asked
 * @throws {FailedError} when it fails or is interrupted.
 */
export async function applyPlan(
  { folder }: MadePlan,
  fails: string,
  explain: (stderr: string) => Promise<string | undefined>,
): Promise<void> {
  const start = Date.now();
  const took = () => `${((Date.now() - start) / 1000).toFixed(0)} s`;
  process.stderr.write("terraform apply ...\n");
  const { code, stderr, isInterrupted } = await show(["apply", "-input=false", PLAN_FILE], folder);
  if (isInterrupted && code !== 0) {
    throw new FailedError(
      `interrupted after ${took()}; Terraform has ended what it had begun and given its lock back: run the command again to go on`,
    );
  }
  if (code !== 0) {
    const reason = findWayOut(stderr, path.relative(process.cwd(), folder)) ?? (await explain(stderr));
    const state = `the state knows what was done: mend the reason above and run the command again; ${fails}`;
    throw new FailedError(`terraform apply failed after ${took()}: ${reason ?? state}`);
  }
  process.stderr.write(`terraform apply: ${took()}\n`);
}

/** Shows the outputs of a stack without changes. */
export async function showOutputs({ folder }: MadePlan): Promise<void> {
  await show(["output"], folder);
}

function show(args: readonly string[], folder: string): Promise<Ended> {
  const [command = "", ...options] = args;
  const colours = process.stdout.isTTY ? [] : ["-no-color"];
  return runTerraform([command, ...colours, ...options], folder, (chunk) => process.stdout.write(chunk));
}
