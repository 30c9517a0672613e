import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Finished, runNode } from "../../programs/command";

const ROOT = path.join(__dirname, "..", "..", "..");
const DIST = path.join(ROOT, "webapp", "dist");
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const RULE = `\n${"=".repeat(80)}\n\n`;

/** Packages with code in a bundle, as its source map names them: another list than the one that the notices are made of. */
function packagesIn(bundle: string): string[] {
  const { sources } = JSON.parse(readFileSync(path.join(DIST, `${bundle}.js.map`), "utf8")) as { sources: string[] };
  const folders = sources.flatMap(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+(?:\/node_modules\/(?:@[^/]+\/)?[^/]+)*)\//.exec(file)?.[1] ?? [],
  );
  const named = [...new Set(folders)].map((folder) => {
    const { name, version } = JSON.parse(readFileSync(path.join(ROOT, "node_modules", folder, "package.json"), "utf8"));
    return `${name} ${version}`;
  });
  return named.sort();
}

/** Titles and texts of the sections of a file of notices. */
function findSections(bundle: string) {
  const [, ...sections] = readFileSync(path.join(DIST, `${bundle}.THIRD-PARTY-NOTICES.txt`), "utf8").split(RULE);
  return sections.map((section) => {
    const [titles = "", ...text] = section.split("\n\n");
    return { titles: titles.split("\n"), text: text.join("\n\n") };
  });
}

describe.each(["session-app", "session-lambda", "photo-cache"])("the notices of %s", (bundle) => {
  it("name every package of which the bundle has code, by version", () => {
    const named = findSections(bundle).flatMap(({ titles }) => titles.map((title) => title.replace(/ \(.*\)$/, "")));
    expect(named.sort()).toEqual(packagesIn(bundle));
  });

  it("have the licence of each as its package has it", () => {
    for (const { titles, text } of findSections(bundle)) {
      for (const title of titles) {
        expect([title, text.trim().length > 400]).toEqual([title, true]);
        const folder = path.join(ROOT, "node_modules", title.replace(/ .*/, ""));
        const licence = readdirSync(folder).find((file) => /^licen[cs]e(\.(md|txt))?$/i.test(file));
        if (licence === undefined) continue;
        const first = readFileSync(path.join(folder, licence), "utf8").trim().split(/\s*\n/)[0] as string;
        expect([title, text.includes(first.trim())]).toEqual([title, true]);
      }
    }
  });
});

/** A folder with packages; their files by path. */
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "notices-"));
  folders.push(folder);
  for (const [file, content] of Object.entries(files)) {
    const absolute = path.join(folder, "node_modules", file);
    mkdirSync(path.dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
  }
  return folder;
}

const manifest = (name: string, repository: string) =>
  JSON.stringify({ name, version: "1.0.0", license: "MIT", repository });

/** The texts of a bundle of `one` and `two`, or why there are none. */
function readNotices(folder: string): Promise<Finished> {
  const inputs = {
    "node_modules/one/index.js": { bytesInOutput: 1 },
    "node_modules/two/index.js": { bytesInOutput: 1 },
  };
  const program = `
    import { bundledPackages } from ${JSON.stringify(path.join(ROOT, "webapp", "build", "notices.mts"))};
    const packages = bundledPackages(${JSON.stringify(folder)}, ${JSON.stringify(inputs)});
    console.log(JSON.stringify(packages.map(({ texts }) => texts)));`;
  return runNode(["--import", "tsx", "--input-type=module", "--eval", program], {});
}

describe("a package without a licence text", () => {
  const files = { "one/package.json": manifest("one", "here"), "one/LICENSE": "All\r\nof it\n", "one/NOTICE": "By us" };

  it("has the one of its repository, where another package of that repository brings it", async () => {
    const { stdout } = await readNotices(folderWith({ ...files, "two/package.json": manifest("two", "here") }));
    expect(JSON.parse(stdout)).toEqual([["All\nof it", "By us"], ["All\nof it"]]);
  });

  it("fails the build, with its name and what to do", async () => {
    const { code, stderr } = await readNotices(
      folderWith({ ...files, "two/package.json": manifest("two", "elsewhere") }),
    );
    expect(code).toBe(1);
    expect(stderr).toContain("two 1.0.0 (MIT) is in a bundle and comes without a licence text. Put the text of");
    expect(stderr).toContain(path.join("webapp", "build", "licences", "two.txt"));
  });
});
