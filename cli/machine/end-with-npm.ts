import path from "node:path";
import { run } from "./programs";

const POLL_MS = 100;
const SHELL = /^(ba|da|k|z|a)?sh$/;

/**
 * Ends this process by a SIGTERM once the npm that runs it as a script has ended.
 *
 * npm runs a script in a shell. npm passes SIGINT and SIGTERM on to that shell only; the shell ends and leaves its child running.
 * SIGHUP and SIGKILL end npm and leave both running.
 *
 * Resolves when npm is known. The command starts after that: nothing tells npm from another parent once it has ended.
 *
 * @see https://github.com/npm/run-script/blob/main/lib/signal-manager.js
 */
export async function endWithNpm(): Promise<void> {
  // Windows has no such signals, and gives an orphan no other parent.
  if (process.env.npm_lifecycle_event === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  const npm = await findNpm(parent);
  const timer = setInterval(() => {
    if (process.ppid === parent && isRunning(npm)) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, POLL_MS);
  timer.unref();
}

/** Finds npm: the parent of the script's shell, or this process' own parent where the shell has replaced itself by this process. */
async function findNpm(parent: number): Promise<number> {
  const said = await run("ps", ["-o", "ppid=,comm=", "-p", String(parent)]).catch(() => undefined);
  const [, pid, command = ""] = /^\s*(\d+)\s+(\S+)/.exec(said?.stdout ?? "") ?? [];
  return SHELL.test(path.basename(command)) ? Number(pid) : parent;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs as another user.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
