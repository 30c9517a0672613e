import { execFile } from "node:child_process";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..");

/** The result of a command that has ended. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a Node program of this repository to its end, with these variables and none of the test's own. */
export function runNode(args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Finished> {
  const { PATH = "", HOME = "" } = process.env;
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: ROOT, env: { PATH, HOME, ...variables } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
  });
}
