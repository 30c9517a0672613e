import { readFileSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../environment/user-error";
import { run } from "../machine/programs";
import { ROOT } from "../machine/root";

/** A synthesized stack. */
export interface SynthesizedStack {
  readonly id: string;
  /** Folder of the stack, a complete Terraform root module. */
  readonly folder: string;
  /** Content of its `cdk.tf.json`. */
  readonly text: string;
  /** Warnings of the synthesis. */
  readonly warnings: readonly string[];
}

/** Options of a synthesis. */
export interface SynthesizeOptions {
  /** File with settings that override those of cdktf.json. @default - none */
  readonly settingsFile?: string | undefined;
  /** Output folder. @default - the folder of `npm run synth` */
  readonly outdir?: string;
}

/**
 * Builds the app and synthesizes these stacks, or all stacks without a name, in another process, which reports errors in the settings.
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
  // The process gets the absolute path of the file. Its messages should have the user's own spelling.
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
