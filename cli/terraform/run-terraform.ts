import { type Ended, run, TERRAFORM } from "../machine/programs";

/**
 * Runs Terraform in a folder and waits for it, interrupted or not: so it ends what it has begun, writes the state and gives
 * its lock back. The user sees what it writes on standard error.
 *
 * @param onStdout - told of each piece of standard output as it comes
 * @throws {UserError} when Terraform is missing.
 */
export function runTerraform(args: readonly string[], cwd: string, onStdout: (chunk: string) => void): Promise<Ended> {
  return run(TERRAFORM, args, {
    cwd,
    onStdout,
    onStderr: (chunk) => process.stderr.write(chunk),
    onInterrupt: () => process.stderr.write("interrupted: Terraform ends what it has begun, and is waited for\n"),
  });
}

/** Failures that have a way out of their own, by what Terraform says. */
const WAYS_OUT: readonly (readonly [said: RegExp, wayOut: (folder: string, said: string) => string])[] = [
  [
    /Error acquiring the state lock/,
    (folder, said) => {
      const id = /\bID:\s+([\w-]+)/.exec(said)?.[1] ?? "<ID>";
      return `the state is locked by another command at work on it: wait for that one; if there is none, ${TERRAFORM} -chdir=${folder} force-unlock ${id}`;
    },
  ],
  [
    /Saved plan is stale/,
    () =>
      "the state has changed since this plan was made, and nothing was applied: run the command again for a new plan",
  ],
];

/** What to do about a failure, for the few that have a way out of their own. @param folder - as people write it */
export function findWayOut(stderr: string, folder: string): string | undefined {
  return WAYS_OUT.find(([said]) => said.test(stderr))?.[1](folder, stderr);
}
