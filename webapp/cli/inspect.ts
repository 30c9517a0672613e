import type { Command, CommanderError } from "commander";
import { countKeys } from "./count-keys";
import { describeKey } from "./describe-key";
import { endSessions } from "./end-sessions";
import { listSessions, listUserSessions } from "./list-sessions";
import { json, type Report } from "./report";
import { makeToken } from "./token";

const TAKES =
  'nothing, <key>, "user <name>", "count", "end <user> --yes", "end --key <key> --yes", "end --all --yes" or "token"; --help says more';

/**
 * Shows the sessions in Redis and ends them, with the app's own rights and connection. The source documents used redis-cli for it. A failure is one line on standard error and exit code 2.
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

interface EndFlags {
  readonly key?: string;
  readonly all?: boolean;
  readonly yes?: boolean;
}

function commands(program: Command): Command {
  program
    .description("Shows the sessions in Redis, and ends them. Redis is the one the app's environment names.")
    // Commander would write and exit by itself: one place here says what went wrong.
    .exitOverride()
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
    .option("--json", "print JSON, for machines")
    .option("--limit <n>", "stop after so many sessions", parseCount("--limit"))
    .option("--newest <n>", "only so many, those last seen, newest first", parseCount("--newest"))
    .argument("[key]", "show this one: a key under the prefix, or a session's hashed id")
    .action(async (key?: string) => {
      if (key !== undefined) return show(await describeKey(key));
      const { limit, newest } = program.opts<{ limit?: number; newest?: number }>();
      return listSessions({ isJson: isJson(), ...(limit && { limit }), ...(newest && { newest }) });
    })
    .addHelpText(
      "after",
      "\nSessions are listed as Redis has them, by SCAN: one may come twice while Redis resizes its table. Progress of a long\n" +
        "command is printed on standard error; Ctrl-C ends it with what it has.",
    );
  program
    .command("user")
    .description("show a user's sessions")
    .argument("<name>")
    .action((name: string) => listUserSessions(name, isJson()));
  program
    .command("count")
    .description("count the keys of each kind, and the memory they take")
    .action(async () => show(await countKeys()));
  program
    .command("end")
    .description("end all sessions of a user, of everybody, or one session")
    .argument("[user]")
    .option("--key <key>", "one session: its key or hashed id; a damaged one too")
    .option("--all", "everybody's")
    .option("--yes", "really")
    .action(async (user: string | undefined, { key, all = false, yes = false }: EndFlags) =>
      show(await endSessions({ user, key, all, yes })),
    );
  program
    .command("token")
    .description("print an IAM token, a password for redis-cli")
    .action(async () => show(await makeToken()));
  return program;

  function isJson(): boolean {
    return program.opts().json === true;
  }

  function show({ data, text, note }: Report): void {
    process.stdout.write(isJson() ? json(data) : text);
    if (note !== undefined && process.stdout.isTTY) process.stderr.write(note);
  }
}

function parseCount(option: string): (text: string) => number {
  return (text) => {
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    throw new Error(`${option}: got ${JSON.stringify(text)}, takes a whole number from 1 on`);
  };
}

function misuse(args: readonly string[], { message }: CommanderError): string {
  return `inspect: got ${args.join(" ")} (${message.replace(/^error: /, "")}), takes ${TAKES}`;
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
