import { run } from "./programs";

// biome-ignore lint/suspicious/noExplicitAny: whatever an AWS service answers
export type Json = Record<string, any>;

/** The AWS CLI was refused, or found nobody; the message is its last line. */
class AwsCliError extends Error {
  override readonly name = "AwsCliError";
}

const TIMEOUT_MS = 30_000;
/** No pager, and no minute of retries: somebody waits for the answer. */
const IMPATIENT = { AWS_PAGER: "", AWS_MAX_ATTEMPTS: "2" };

/**
 * Asks AWS by its CLI, with the credentials it finds.
 *
 * @throws {AwsCliError} with what AWS or the CLI said.
 */
export async function aws(region: string, ...args: string[]): Promise<Json> {
  const all = [...args, "--region", region, "--output", "json", "--cli-connect-timeout", "5"];
  const { code, stdout, stderr } = await run("aws", all, { env: IMPATIENT, timeoutMs: TIMEOUT_MS });
  if (code !== 0) throw new AwsCliError(stderr.trim().split("\n").at(-1) ?? "");
  return stdout.trim() === "" ? {} : (JSON.parse(stdout) as Json);
}
