import { readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { run } from "../machine/programs";
import { ROOT } from "../machine/root";

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly id: string;
  /** Its folder, a Terraform root by itself. */
  readonly folder: string;
  /** Its `cdk.tf.json`. */
  readonly text: string;
  /** What synthesis warns of. */
  readonly warnings: readonly string[];
}

/** Settings of a synthesis. */
export interface SynthesizeOptions {
  /** File of settings that count over cdktf.json's. @default - none */
  readonly settingsFile?: string | undefined;
  /** Where it goes. @default - where `npm run synth` writes */
  readonly outdir?: string;
}

/**
 * Builds the app and synthesizes these stacks, all of them without a name, by a process of its own: whatever is wrong with the
 * settings is that process's to say.
 *
 * @throws {UserError} with the refusal, one line for each setting that is wrong.
 */
export async function synthesize(
  ids: readonly string[],
  { settingsFile, outdir }: SynthesizeOptions = {},
): Promise<SynthesizedStack[]> {
  const settings = settingsFile === undefined ? [] : ["--settings", path.resolve(settingsFile)];
  const args = [
    "--require",
    "./cli/typescript.cjs",
    "--require",
    "./webapp/build/if-edited.cjs",
    "main.ts",
    ...ids,
    ...settings,
  ];
  const env = { ...process.env, ...(outdir !== undefined && { CDKTF_OUTDIR: outdir }) };
  const { code, stdout, stderr } = await run(process.execPath, args, { cwd: ROOT, env });
  // The process has the file's whole path, since it runs elsewhere; its user named the file another way.
  const said = settingsFile === undefined ? stderr : stderr.replaceAll(path.resolve(settingsFile), settingsFile);
  if (code !== 0) throw new UserError(said.trim());
  return stdout
    .trim()
    .split("\n")
    .map((line) => {
      const file = path.resolve(ROOT, line);
      const folder = path.dirname(file);
      const warnings = said.split("\n").filter(Boolean);
      return { id: path.basename(folder), folder, text: readFileSync(file, "utf8"), warnings };
    });
}
