import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../../programs/browser";
import { describeUnless, missing } from "../../programs/require";

const ROOT = path.join(__dirname, "..", "..", "..");
/** With all it needs it is 200 MB, so it is no dependency: the one file a browser takes, out of npm's tarball. */
const MERMAID = "mermaid@11.6.0";

const folder = mkdtempSync(path.join(os.tmpdir(), "mermaid-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const packed = spawnSync("npm", ["pack", MERMAID, "--loglevel=error"], {
  cwd: folder,
  encoding: "utf8",
  timeout: 120_000,
});
const unfetched = packed.status === 0 ? undefined : `npm could not fetch ${MERMAID}: ${packed.stderr}`;

/** Every diagram of the pages, by its page and place in it. */
function diagrams(): [string, string][] {
  const docs = readdirSync(path.join(ROOT, "docs"), { recursive: true, encoding: "utf8" });
  const pages = ["README.md", ...docs.filter((name) => name.endsWith(".md")).map((name) => path.join("docs", name))];
  return pages.flatMap((page) => {
    const blocks = [...readFileSync(path.join(ROOT, page), "utf8").matchAll(/```mermaid\n([\s\S]*?)```/g)];
    return blocks.map(([, text], index): [string, string] => [`${page}, ${index + 1}`, text as string]);
  });
}

describeUnless(unfetched ?? missing(["chromium"]), "a diagram", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    execFileSync("tar", ["-xzf", packed.stdout.trim(), "package/dist/mermaid.min.js"], { cwd: folder });
    browser = await startBrowser();
    page = await browser.newPage();
    await page.addScriptTag({ path: path.join(folder, "package", "dist", "mermaid.min.js") });
  }, 240_000);
  afterAll(() => browser?.close());

  /** The drawing as a reader sees it, as text. */
  const rendered = (text: string): Promise<string> =>
    page.evaluate(`mermaid.render("diagram", ${JSON.stringify(text)}).then(({ svg }) => svg)`);

  it.each(diagrams())(
    "renders: %s",
    async (_, text) => {
      expect(await rendered(text)).toMatch(/^<svg/);
    },
    120_000,
  );

  it("that is none is refused", async () => {
    await expect(rendered('flowchart LR\n  a["x" --> b')).rejects.toThrow("Parse error");
  });
});
