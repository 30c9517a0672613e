import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { App } from "cdktf";
import { Construct } from "constructs";
import { findExample } from "../../docs/build/api/examples";
import * as modules from "../../modules";
import { Synthesized } from "../synthesized";

const EXAMPLES = path.join(__dirname, "..", "..", "docs", "examples");

/** The constructs that users can create or extend. */
const CONSTRUCTS = Object.entries(modules).flatMap(([name, exported]) =>
  typeof exported === "function" && exported.prototype instanceof Construct ? [{ name, type: exported }] : [],
);

const files = readdirSync(EXAMPLES, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const paths = files.map((file) => path.join(EXAMPLES, file)).sort();

const outdir = mkdtempSync(path.join(os.tmpdir(), "examples-"));
const before = process.env.CDKTF_OUTDIR;
afterAll(() => {
  rmSync(outdir, { recursive: true, force: true });
  if (before === undefined) delete process.env.CDKTF_OUTDIR;
  else process.env.CDKTF_OUTDIR = before;
});

/** Runs the program, as `cdktf synth` does, in this process. */
function run(file: string): { readonly app: App; readonly stacks: readonly Synthesized[] } {
  const folder = mkdtempSync(path.join(outdir, "out-"));
  process.env.CDKTF_OUTDIR = folder;
  const synth = jest.spyOn(App.prototype, "synth");
  try {
    require(file);
    const [app] = synth.mock.contexts;
    if (!(app instanceof App)) throw new Error(`${file}: does not call app.synth()`);
    const stacks = readdirSync(path.join(folder, "stacks"), { encoding: "utf8" });
    const read = (id: string) => readFileSync(path.join(folder, "stacks", id, "cdk.tf.json"), "utf8");
    return { app, stacks: stacks.map((id) => new Synthesized(read(id))) };
  } finally {
    synth.mockRestore();
  }
}

describe("the examples", () => {
  it("are those of the constructs, and no others", () => {
    expect(CONSTRUCTS.length).toBeGreaterThan(25);
    const expected = CONSTRUCTS.map(({ name }) => findExample(name) ?? `${name}: add docs/examples/<module>/<name>.ts`);
    expect(paths).toEqual(expected.sort());
  });

  it.each(CONSTRUCTS)("synthesize $name, without a token left behind", ({ name, type }) => {
    const { app, stacks } = run(findExample(name) as string);
    expect(app.node.findAll().some((node) => node instanceof type)).toBe(true);
    for (const { text } of stacks) expect(text).not.toMatch(/TfToken|e\+(28|29|30)\d/);
  });

  it("have a comment on what they show, and fit on a screen", () => {
    for (const file of paths) {
      const lines = readFileSync(file, "utf8").trimEnd().split("\n");
      expect([file, lines[0]]).toEqual([file, expect.stringMatching(/^\/\/ [A-Z].*\.$/)]);
      expect([file, lines.length < 60]).toEqual([file, true]);
    }
  });
});
