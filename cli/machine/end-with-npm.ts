import path from "node:path";
import { run } from "./programs";

const POLL_MS = 100;
const SHELL = /^(ba|da|k|z|a)?sh$/;

/**
 * Ends this process as a SIGTERM to it would, once the npm that runs it as a script is gone.
 *
 * npm runs a script by a shell. It hands SIGINT and SIGTERM to that shell alone, which ends and leaves its child running; by
 * SIGHUP and SIGKILL npm ends and leaves both.
 *
 * @see https://github.com/npm/run-script/blob/main/lib/signal-manager.js
 */
export function endWithNpm(): void {
  // Windows has no parents that are replaced, and no such signals.
  if (process.env.npm_lifecycle_event === undefined || process.platform === "win32") return;
  const parent = process.ppid;
  let npm = parent;
  void findNpm(parent).then((found) => {
    npm = found;
  });
  const timer = setInterval(() => {
    if (process.ppid === parent && isRunning(npm)) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, POLL_MS);
  timer.unref();
}

/** The parent of the script's shell; where a shell has replaced itself by this process, its parent is npm. */
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
