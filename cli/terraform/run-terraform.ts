import { spawn } from "node:child_process";
import { TERRAFORM } from "../machine/programs";

/** What Terraform left when it ended. */
export interface TerraformEnded {
  /** Exit code; null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  /** What it wrote on standard error, which the user has seen. */
  readonly stderr: string;
  /** It was asked to stop meanwhile. */
  readonly isInterrupted: boolean;
}

/** What asks a command to stop: Ctrl-C, `kill`, a terminal that is closed. */
export const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs Terraform in a folder and waits for it, interrupted or not: so it ends what it has begun, writes the state and gives
 * its lock back.
 *
 * @param onOutput - told of each piece of standard output as it comes
 */
export function runTerraform(
  args: readonly string[],
  folder: string,
  onOutput: (chunk: string) => void,
): Promise<TerraformEnded> {
  // Ctrl-C reaches a whole process group, npm hands signals on as well, and a second one has Terraform drop everything.
  // In a group of its own it gets the one that is handed on here. Windows has neither: its console tells each program once.
  const hasOwnGroup = process.platform !== "win32";
  const child = spawn(TERRAFORM, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: hasOwnGroup });
  let isInterrupted = false;
  const stop = () => {
    if (isInterrupted) return;
    isInterrupted = true;
    process.stderr.write("interrupted: Terraform ends what it has begun, and is waited for\n");
    if (hasOwnGroup) child.kill("SIGINT");
  };
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout.push(chunk);
    onOutput(chunk);
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr.push(chunk);
    process.stderr.write(chunk);
  });
  const ended = new Promise<TerraformEnded>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout: stdout.join(""), stderr: stderr.join(""), isInterrupted }));
  });
  return ended.finally(() => {
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
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
export function wayOutOf(stderr: string, folder: string): string | undefined {
  return WAYS_OUT.find(([said]) => said.test(stderr))?.[1](folder, stderr);
}
