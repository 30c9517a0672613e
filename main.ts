import path from "node:path";
import { AnnotationMetadataEntryType, App } from "cdktf";
import { readContext, readSettings } from "./settings";
import { addStacks } from "./stacks";

/** Under cdktf-cli, the CLI shows them too. */
function warn(app: App): void {
  const warnings = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === AnnotationMetadataEntryType.WARN));
  for (const { data } of warnings) process.stderr.write(`warning: ${data}\n`);
}

function main(): void {
  const context = readContext(__dirname, process.env.CDKTF_CONTEXT_JSON);
  const settings = readSettings(context);
  const app = new App({ context, stackTraces: false });
  const ids = addStacks(app, process.argv.slice(2), settings);
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
