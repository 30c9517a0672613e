import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ROOT } from "../machine/root";
import { synthesize } from "../terraform/synthesize";
import { PAGES, type Page, pageText, withPicture } from "./pages";

const FOLDER = path.join(ROOT, "docs", "diagrams");

/** Writes the pages in docs/diagrams, and their pictures into the pages that show them. */
export async function writePages(): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  for (const page of PAGES) {
    process.stderr.write(`${page.name} ...\n`);
    const stack = await synthesized(page);
    writeFileSync(path.join(FOLDER, `${page.name}.md`), pageText(page, stack));
    const other = path.join(ROOT, page.shownIn);
    writeFileSync(other, withPicture(page, readFileSync(other, "utf8"), stack));
  }
}

async function synthesized({ stack, settings }: Page): Promise<string> {
  const outdir = mkdtempSync(path.join(os.tmpdir(), "diagram-"));
  try {
    const settingsFile = path.join(outdir, "settings.json");
    writeFileSync(settingsFile, JSON.stringify(settings));
    const [made] = await synthesize([stack], { settingsFile, outdir });
    return String(made?.text);
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
