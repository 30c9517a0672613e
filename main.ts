import { mkdirSync } from "node:fs";
import path from "node:path";
import { AnnotationMetadataEntryType, App } from "cdktf";
import { main, SETTINGS_OPTION } from "./cli/machine/command";
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
    const ids = addStacks(app, stacks, settings);
    app.synth();
    warn(app);
    for (const id of ids) process.stdout.write(`${path.join(app.outdir, "stacks", id, "cdk.tf.json")}\n`);
  },
});
