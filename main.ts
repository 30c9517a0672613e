import { mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { AnnotationMetadataEntryType, App } from "cdktf";
import { chooseOutdir, readContext, readSettings } from "./settings";
import { addStacks } from "./stacks";

/** Under cdktf-cli, the CLI shows them too. */
function warn(app: App): void {
  const warnings = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === AnnotationMetadataEntryType.WARN));
  for (const { data } of warnings) process.stderr.write(`warning: ${data}\n`);
}

function main(): void {
  const { positionals, values } = parseArgs({ options: { settings: { type: "string" } }, allowPositionals: true });
  const context = readContext(__dirname, process.env.CDKTF_CONTEXT_JSON, values.settings);
  const settings = readSettings(context);
  const outdir = chooseOutdir(settings, __dirname, process.env.CDKTF_OUTDIR);
  mkdirSync(outdir, { recursive: true });
  const app = new App({ context, outdir, stackTraces: false });
  const ids = addStacks(app, positionals, settings);
  app.synth();
  warn(app);
  for (const id of ids) process.stdout.write(`${path.join(app.outdir, "stacks", id, "cdk.tf.json")}\n`);
}

try {
  main();
} catch (error) {
  // A refusal is for the one who edits the settings: what, got, allowed, fix; no stack trace.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
