import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { Synthesized } from "../synthesized";

const folder = mkdtempSync(path.join(os.tmpdir(), "foreign-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The stacks of a program. */
export interface SynthesizedProgram {
  /** Where each stack has a folder, `<outdir>/stacks/<id>`. */
  readonly outdir: string;
  /** By id. */
  readonly stacks: Readonly<Record<string, Synthesized>>;
  /** Ids of the stacks that each stack is deployed after. */
  readonly after: Readonly<Record<string, readonly string[]>>;
}

/** Runs a program as `cdktf synth` does, in this process. */
export function synthesizeProgram(program: (app: App) => void): SynthesizedProgram {
  const outdir = mkdtempSync(path.join(folder, "out-"));
  const app = new App({ outdir, stackTraces: false });
  program(app);
  app.synth();
  const manifest: { stacks: Record<string, { dependencies: string[] }> } = JSON.parse(
    readFileSync(path.join(outdir, "manifest.json"), "utf8"),
  );
  const read = (id: string) => new Synthesized(readFileSync(path.join(outdir, "stacks", id, "cdk.tf.json"), "utf8"));
  return {
    outdir,
    stacks: Object.fromEntries(readdirSync(path.join(outdir, "stacks")).map((id) => [id, read(id)])),
    after: Object.fromEntries(Object.entries(manifest.stacks).map(([id, { dependencies }]) => [id, dependencies])),
  };
}
