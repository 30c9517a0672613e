import { UserError } from "../../environment/user-error";
import { run } from "./programs";

/** An object from an answer of AWS. Its fields depend on the call. */
// biome-ignore lint/suspicious/noExplicitAny: answers of AWS services have many forms
export type Json = Record<string, any>;

const TIMEOUT_MS = 30_000;
/** No pager, and few retries, because the user waits for the answer. */
const IMPATIENT = { AWS_PAGER: "", AWS_MAX_ATTEMPTS: "2" };

/**
 * Calls AWS with its CLI and the CLI's credentials.
 *
 * @throws {UserError} with the last line of the CLI's error.
 */
export async function aws(region: string, ...args: string[]): Promise<Json> {
  const stdout = await awsText(region, ...args);
  return stdout.trim() === "" ? {} : (JSON.parse(stdout) as Json);
}

/** The same, for a command of the CLI whose answer is text. */
export async function awsText(region: string, ...args: string[]): Promise<string> {
  const all = [...args, "--region", region, "--output", "json", "--cli-connect-timeout", "5"];
  const env = { ...process.env, ...IMPATIENT };
  const { code, stdout, stderr } = await run("aws", all, { env, timeoutMs: TIMEOUT_MS });
  if (code === 0) return stdout;
  const command = args.slice(0, 2).join(" ");
  const how = code === null ? `no answer within ${TIMEOUT_MS / 1000} s` : `ended with ${code}`;
  throw new UserError(stderr.trim().split("\n").at(-1) || `aws ${command}: ${how}`);
}
