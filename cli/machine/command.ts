import { findDiskError } from "../../environment/disk-error";
import { UserError } from "../../environment/user-error";
import { type Option, type Options, parse, type Takes, usage, type Values } from "./arguments";
import { endWithNpm } from "./end-with-npm";
import { explainDiskError, listWrittenFolders } from "./explain-disk-error";
import { FailedError } from "./failed-error";

/** `--settings` of every command that synthesizes. */
export const SETTINGS_OPTION = {
  value: "<file>",
  says: "JSON file of settings that count for this command, over those in cdktf.json",
  isForRepository: true,
} as const satisfies Option;

/** `--import-existing` of commands that plan. */
export const IMPORT_OPTION = {
  says: "import resources that AWS has under the stack's names and the state lacks",
  isForRepository: true,
} as const satisfies Option;

/** `--replace` of commands that plan. */
export const REPLACE_OPTION = {
  value: "<address>",
  says: "destroy this resource and create another, as an instance from the newest image",
  isForRepository: true,
} as const satisfies Option;

/** Exit code; 1 for findings. Failures are thrown. */
type Found = 0 | 1;

/** A command for users. */
interface Command<O extends Options> extends Takes<O> {
  /** @throws {UserError} when it cannot start, {@link FailedError} when the work failed. */
  run(operands: readonly string[], options: Values<O>): Found | undefined | Promise<Found | undefined>;
}

const COULD_NOT_LOOK = 2;

/**
 * Runs a command with the exit codes of all commands (docs/operations.md#exit-codes): 0 for success, 1 for findings or failed work, 2 for a
 * command that could not start. For a user's error, it prints the message; for another error, the stack too.
 */
export async function main<const O extends Options>(command: Command<O>, args = process.argv.slice(2)): Promise<void> {
  // A closed output, as with `| head`, or a closed terminal does not end a command half-way.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  try {
    const given = parse(command, args);
    await endWithNpm();
    if (given === undefined) process.stdout.write(usage(command));
    else process.exitCode = (await command.run(given.operands, given.values)) ?? 0;
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = error instanceof FailedError ? 1 : COULD_NOT_LOOK;
  }
}

/** Errors of the operating system, which are no bugs of this program. */
const OF_THE_MACHINE: ReadonlySet<unknown> = new Set(["EACCES", "EPERM", "EMFILE"]);
const BUG = "This is a bug of cdktf-session-store, not of your input. Please report it with the lines above.";

function explain(error: unknown): string {
  if (!(error instanceof Error)) return `${String(error)}\n${BUG}`;
  const diskError = findDiskError(error);
  if (diskError !== undefined) return explainDiskError(error, diskError, listWrittenFolders());
  const isUsers = error instanceof UserError || ("code" in error && OF_THE_MACHINE.has(error.code));
  return isUsers ? error.message : `${error.stack ?? error.message}\n${BUG}`;
}
