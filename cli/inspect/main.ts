import { existsSync } from "node:fs";
import path from "node:path";
import { start } from "../machine/programs";
import { ROOT } from "../machine/root";

/** The app as it is deployed: the command is in it, and knows the app's connection to Redis. */
const APP = path.join(ROOT, "webapp", "dist", "session-app.js");

/** `inspect`: the built app's own command, with this terminal and this process' exit code. */
function inspect(): void {
  if (!existsSync(APP)) {
    process.stderr.write(`${APP}: not there; npm run build makes it\n`);
    process.exitCode = 2;
    return;
  }
  const child = start(process.execPath, [APP, "inspect", ...process.argv.slice(2)], { isAttached: true });
  // The terminal sends Ctrl-C to both; the child ends by it with what it has, and this process with the child.
  process.on("SIGINT", () => undefined);
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`inspect: ${error.message}\n`);
    process.exitCode = 2;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}

inspect();
