import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { readContext, readSettings } from "../../settings";
import { addStacks } from "../../stacks";
import { main } from "../machine/command";
import { readInput } from "../machine/read-input";
import { ROOT } from "../machine/root";
import { PAGES, type Page, pageText, picture, withPicture } from "./pages";

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

void main({
  name: "diagrams",
  says: "Draws the stacks in Mermaid, into docs/diagrams and the pages that show them. With a file: prints its picture.",
  operands: {
    usage: "[file]",
    says: "a synthesized stack (cdk.tf.json) or a plan as JSON; - is standard input",
    atMost: 1,
  },
  options: {},
  run([file]) {
    if (file !== undefined) {
      process.stdout.write(`${readInput(file, picture)}\n`);
      return;
    }
    mkdirSync(FOLDER, { recursive: true });
    for (const page of PAGES) write(page, synthesized(page));
  },
});
