import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { appendFile, cp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

/** Part of cdktf.json's context; a key stands for the whole of its value. */
export type Settings = Readonly<Record<string, unknown>>;

const ROOT = path.join(__dirname, "..", "..");
const TYPESCRIPT = path.join(ROOT, "cli", "typescript.cjs");
const DEFAULT_REGION = "ap-northeast-1";
const run = promisify(execFile);

/** Region the stacks of this repository are synthesized for. */
export function region(): string {
  const { context = {} } = JSON.parse(readFileSync(path.join(ROOT, "cdktf.json"), "utf8"));
  return context.region ?? DEFAULT_REGION;
}

export interface SynthesizeOptions {
  readonly settings: Settings;
  /** Where the stack's folder goes. */
  readonly outdir: string;
  /** Where the state lies, under the name the stack gives it. */
  readonly cwd: string;
  /** The repository. @default - this one */
  readonly root?: string;
}

/** The files and the output of a synthesis. */
export interface SynthesizedStack {
  readonly folder: string;
  readonly warnings: readonly string[];
}

/** Synthesizes a stack by the program people use. @throws with what the program said. */
export async function synthesize(
  stack: string,
  { settings, outdir, cwd, root = ROOT }: SynthesizeOptions,
): Promise<SynthesizedStack> {
  const env = { ...process.env, CDKTF_CONTEXT_JSON: JSON.stringify(settings), CDKTF_OUTDIR: outdir };
  const main = [process.execPath, "--require", TYPESCRIPT, path.join(root, "main.ts"), stack];
  const { stderr } = await run("nice", main, { cwd, env }).catch((error) => {
    throw new Error(`synth: ${error.stderr || error.message}`);
  });
  const warnings = stderr.split("\n").filter((line) => line.startsWith("warning: "));
  return { folder: path.join(outdir, "stacks", stack), warnings };
}

/** The differences of another checkout from this one. */
interface RepositoryEdit {
  /** The bundles, by a comment. */
  readonly otherBundles: boolean;
  /** Whether the app's Redis user may run one command more. */
  readonly moreRights: boolean;
}

/** A right that no version of the app has needed so far. */
export const ONE_MORE_COMMAND = "hstrlen";

/** This repository in another folder; visitors of others who come meanwhile are not held up. @returns the folder. */
export async function editedRepository(folder: string, { otherBundles, moreRights }: RepositoryEdit): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  const sources = [
    "main.ts",
    "cdktf.json",
    "package.json",
    "tsconfig.json",
    "settings",
    "stacks",
    "modules",
    "environment",
    "cli",
  ];
  for (const name of [...sources, "webapp"])
    await cp(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  await symlink(path.join(ROOT, "node_modules"), path.join(folder, "node_modules"));
  for (const bundle of otherBundles ? ["session-app.js", "session-lambda.js", "photo-cache.js"] : []) {
    await appendFile(path.join(folder, "webapp", "dist", bundle), "\n// The next version.\n");
  }
  if (moreRights) {
    const file = path.join(folder, "environment", "redis-access.ts");
    const list = "const REDIS_COMMANDS = [";
    await writeFile(file, (await readFile(file, "utf8")).replace(list, `${list}\n  "${ONE_MORE_COMMAND}",`));
  }
  return folder;
}
