import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { readContext, readSettings } from "../../settings";
import { addStacks } from "../../stacks";
import { ROOT } from "../machine/root";
import { PAGES, type Page, pageText, picture, withPicture } from "./pages";

/** npm run diagrams: writes docs/diagrams. With a cdk.tf.json, or a plan as JSON: prints its picture in Mermaid. */
const FOLDER = path.join(ROOT, "docs", "diagrams");

function synthesized({ stack, settings }: Page): string {
  const outdir = mkdtempSync(path.join(os.tmpdir(), "diagram-"));
  try {
    const context = readContext(ROOT, JSON.stringify(settings));
    const app = new App({ context, outdir, stackTraces: false });
    addStacks(app, [stack], readSettings(context));
    app.synth();
    return readFileSync(path.join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function write(page: Page, stack: string): void {
  writeFileSync(path.join(FOLDER, `${page.name}.md`), pageText(page, stack));
  const other = path.join(ROOT, page.shownIn);
  writeFileSync(other, withPicture(page, readFileSync(other, "utf8"), stack));
}

try {
  const [file] = process.argv.slice(2);
  if (file === undefined) {
    mkdirSync(FOLDER, { recursive: true });
    for (const page of PAGES) write(page, synthesized(page));
  } else {
    process.stdout.write(`${picture(readFileSync(file, "utf8"))}\n`);
  }
} catch (error) {
  process.stderr.write(`diagrams: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
