import { listExports, parseExports } from "./docstrings";

describe("a docstring is above every name that is exported in", () => {
  test.each(["modules", "settings", "stacks", "environment", "webapp", "cli", "bench", "docs/build"])(
    "%s",
    (folder) => {
      const exported = listExports(folder);
      expect(exported.length).toBeGreaterThan(0);
      const silent = exported.filter(({ isDocumented }) => !isDocumented);
      expect(silent.map(({ file, line, name }) => `${file}:${line} ${name}`)).toEqual([]);
    },
  );
});

test.each([
  { text: "/** A cache. */\nexport interface Cache {}", isDocumented: true },
  { text: "/**\n * A cache.\n */\nexport class Cache {}", isDocumented: true },
  { text: "export const Cache = {};", isDocumented: false },
  { text: "/* For the linter. */\nexport const Cache = {};", isDocumented: false },
  { text: "/** A cache. */\n// biome-ignore lint/x: y\nexport type Cache = any;", isDocumented: true },
  { text: "// biome-ignore lint/x: y\nexport type Cache = any;", isDocumented: false },
  { text: "// For the linter.\nexport abstract class Cache {}", isDocumented: false },
  { text: "/** A cache. */\n\nexport async function Cache() {}", isDocumented: false },
  { text: "/** A cache. */\nexport const Cache = {} as const;\nexport type Cache = string;", isDocumented: true },
])("$text", ({ text, isDocumented }) => {
  expect(parseExports("a.ts", text)).toMatchObject([{ name: "Cache", isDocumented }]);
});
