import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { AnnotationMetadataEntryType, App } from "cdktf";
import { main, SETTINGS_OPTION } from "./cli/machine/command";
import { findDiskError } from "./environment/disk-error";
import { chooseOutdir, readContext, readSettings } from "./settings";
import { addStacks } from "./stacks";
import { STACK_IDS } from "./stacks/names";

/** Under cdktf-cli, the CLI shows them too. */
function warn(app: App): void {
  const warnings = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === AnnotationMetadataEntryType.WARN));
  for (const { data } of warnings) process.stderr.write(`warning: ${data}\n`);
}

/** Removes what a synthesis may have written in part: it would be taken for a whole stack. */
function removeOutput(outdir: string, ids: readonly string[]): void {
  const written = ids.flatMap((id) => [path.join("stacks", id, "cdk.tf.json"), path.join("stacks", id, "assets")]);
  for (const name of [...written, "manifest.json"]) rmSync(path.join(outdir, name), { recursive: true, force: true });
}

void main({
  name: "synth",
  says: "Writes Terraform for the stacks into cdktf.out/stacks/<stack>/cdk.tf.json, as the settings in cdktf.json are.",
  operands: { usage: "[stack...]", says: `${STACK_IDS.join(", ")}; without a name, all that have settings` },
  options: { settings: SETTINGS_OPTION },
  run(stacks, { settings: file }) {
    const context = readContext(__dirname, process.env.CDKTF_CONTEXT_JSON, file);
    const settings = readSettings(context);
    const outdir = chooseOutdir(settings, __dirname, process.env.CDKTF_OUTDIR);
    mkdirSync(outdir, { recursive: true });
    const app = new App({ context, outdir, stackTraces: false });
    try {
      const ids = addStacks(app, stacks, settings);
      app.synth();
      warn(app);
      for (const id of ids) process.stdout.write(`${path.join(app.outdir, "stacks", id, "cdk.tf.json")}\n`);
    } catch (error) {
      if (!(error instanceof Error) || findDiskError(error) === undefined) throw error;
      removeOutput(app.outdir, stacks.length > 0 ? stacks : STACK_IDS);
      throw Object.assign(error, { path: app.outdir, ...error });
    }
  },
});
