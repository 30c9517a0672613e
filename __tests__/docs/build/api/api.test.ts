import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { generate } from "../../../../docs/build/api/generate";
import * as constructs from "../../../../modules";

const ROOT = path.join(__dirname, "..", "..", "..", "..");

let generated: Awaited<ReturnType<typeof generate>>;
beforeAll(async () => {
  generated = await generate();
}, 240_000);

describe("the generator", () => {
  it("passes the type check, which npm run check cannot do without its packages", () => {
    const tsc = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", "docs/build"], { cwd: ROOT, encoding: "utf8" });
    expect([status, stdout]).toEqual([0, ""]);
  });
});

describe("the public API", () => {
  it("has a docstring on every name and a default on every optional property, and names no type that cannot be imported", () => {
    expect(generated.complaints).toEqual([]);
  });

  it("is in docs/reference/a-to-z.md name by name, each property and method with an anchor of its own", () => {
    const read = (file: string) => generated.files.get(file) ?? "";
    const listed = new Set(
      [...read("docs/reference/a-to-z.md").matchAll(/^- `(\w+)(?:\(\))?`/gm)].map(([, name]) => name),
    );
    const report = read("docs/api/constructs.api.md");
    const exported = report.matchAll(/^export (?:abstract )?(?:interface|function|type|class|const) (\w+)/gm);
    const members = report.matchAll(/^ {4}(?:(?:static|abstract|readonly|get) )*(\w+)\??(?:[:(<;]| =)/gm);
    const declared = [...exported, ...members].map(([, name]) => name).filter((name) => name !== "constructor");
    expect(declared).toEqual(expect.arrayContaining(["RedisCluster", "nodeType", "allowFrom", "PER_ZONE", "openPort"]));
    expect(declared.filter((name) => !listed.has(name))).toEqual([]);
    for (const [file, text] of generated.files) {
      const ids = [...text.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id);
      expect([file, ids]).toEqual([file, [...new Set(ids)]]);
    }
  });

  it("says of each exported type of a class that it is a type, and shows no program how to create one", () => {
    const read = (file: string) => generated.files.get(file) ?? "";
    const reference = [...generated.files]
      .filter(([file]) => file.startsWith("docs/reference/"))
      .map(([, text]) => text);
    const created = reference.flatMap((text) =>
      [...text.matchAll(/^new (\w+)\(scope: /gm)].map(([, name]) => name as string),
    );
    expect(created).toEqual(expect.arrayContaining(["RedisCluster", "LambdaTopology"]));
    expect(created.filter((name) => !(name in constructs))).toEqual([]);
    expect(read("docs/reference/a-to-z.md")).toContain("- `HttpApi`: [type](lambda.md#httpapi)");
    expect(read("docs/reference/README.md")).not.toContain("[`HttpApi`]");
    expect(read("docs/api/constructs.api.md")).toContain("// A type only\nexport class HttpApi extends");
    expect(read("docs/api/session.api.md")).toContain("// A type only\nexport class VisitorSession");
  });

  it.each(["docs/api", "docs/reference"])(
    "is in %s as it is: else run npm run api, and read what changed",
    (folder) => {
      const read = (name: string) => readFileSync(path.join(ROOT, folder, name), "utf8");
      const committed = new Map(readdirSync(path.join(ROOT, folder)).map((name) => [`${folder}/${name}`, read(name)]));
      const ours = [...generated.files].filter(([file]) => path.dirname(file) === folder);
      expect(Object.fromEntries(committed)).toEqual(Object.fromEntries(ours));
    },
  );
});
