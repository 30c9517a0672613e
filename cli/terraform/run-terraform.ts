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
