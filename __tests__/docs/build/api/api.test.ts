import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { generate } from "../../../../docs/build/api/generate";

const ROOT = path.join(__dirname, "..", "..", "..", "..");

let generated: Awaited<ReturnType<typeof generate>>;
beforeAll(async () => {
  generated = await generate();
}, 240_000);

describe("the public API", () => {
  it("has a docstring on every name and a default on every optional property, and names no type that cannot be imported", () => {
    expect(generated.complaints).toEqual([]);
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
