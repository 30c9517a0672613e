import type { Command, CommanderError } from "commander";
import { describeKey } from "./describe-key";
import { endSessions } from "./end-sessions";
import { listSessions, listUserSessions } from "./list-sessions";
import { json, type Report } from "./report";
import { makeToken } from "./token";

const TAKES =
  'nothing, <key>, "user <name>", "end <user> --yes", "end --all --yes" or "token"; --json; --help says more';

/**
 * What redis-cli did in the documents, with the app's own rights and connection: shows the sessions in Redis and ends
 * them. A failure is one line on standard error and exit code 2.
 */
export async function inspect(args: readonly string[]): Promise<void> {
  // `inspect | head` closes the pipe when it has seen enough.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  // Loaded when it is needed: the server, which is in the same file, never is slowed by it.
  const commander = await import("commander");
  const isMisuse = (error: unknown): error is CommanderError => error instanceof commander.CommanderError;
  try {
    await commands(new commander.Command("inspect")).parseAsync(args, { from: "user" });
  } catch (error) {
    if (isMisuse(error) && error.exitCode === 0) return;
    process.stderr.write(`${isMisuse(error) ? misuse(args, error) : describeError(error)}\n`);
    process.exitCode = 2;
  }
}

function commands(program: Command): Command {
  program
    .description("Shows the sessions in Redis, and ends them. Redis is the one the app's environment names.")
    // Commander would write and exit by itself: one place here says what went wrong.
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .option("--json", "print JSON, for machines")
    .argument("[key]", "show this one: a key under the prefix, or a session's hashed id")
    .action(async (key?: string) => show(await (key === undefined ? listSessions() : describeKey(key))));
  program
    .command("user")
    .description("show a user's sessions")
    .argument("<name>")
    .action(async (name: string) => show(await listUserSessions(name)));
  program
    .command("end")
    .description("end all sessions of a user, or of everybody")
    .argument("[user]")
    .option("--all", "everybody's")
    .option("--yes", "really")
    .action(async (user: string | undefined, { all = false, yes = false }: { all?: boolean; yes?: boolean }) =>
      show(await endSessions({ user, all, yes })),
    );
  program
    .command("token")
    .description("print an IAM token, a password for redis-cli")
    .action(async () => show(await makeToken()));
  return program;

  function show({ data, text, note }: Report): void {
    process.stdout.write(program.opts().json === true ? json(data) : text);
    if (note !== undefined && process.stdout.isTTY) process.stderr.write(note);
  }
}

function misuse(args: readonly string[], { message }: CommanderError): string {
  return `inspect: got ${args.join(" ")} (${message.replace(/^error: /, "")}), takes ${TAKES}`;
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
