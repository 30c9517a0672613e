import { existsSync } from "node:fs";
import path from "node:path";

/** The folder of this repository; in the package, of what is compiled. */
export const ROOT = path.join(__dirname, "..", "..");

/** Whether a command runs in the repository, which has stacks to synthesize: the package has none. */
export const IS_REPOSITORY = existsSync(path.join(ROOT, "main.ts"));

/** A command as the user types it, up to its first argument. */
export function formatCommand(name: string): string {
  return IS_REPOSITORY ? `npm run ${name} --` : `npx session-store ${name}`;
}
