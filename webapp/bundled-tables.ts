import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** What the app sends and reads: its pages, style and icon, text, forms, and what the body parser asks after. */
const TYPES: ReadonlySet<string> = new Set([
  "application/json",
  "application/octet-stream",
  "application/x-www-form-urlencoded",
  "application/xml",
  "image/svg+xml",
  "multipart/form-data",
  "text/css",
  "text/html",
  "text/javascript",
  "text/plain",
  "text/xml",
]);

/**
 * Leaves two tables out of the bundle, 900 of its 2,300 KB, which the app loads and never asks: of mime-db all but the
 * types above, and of iconv-lite the character sets of Chinese, Japanese and Korean. Forms are UTF-8, as the pages that
 * hold them: the body parser decodes nothing else, whatever a request says of its charset.
 */
export const onlyUsedTables: Plugin = {
  name: "only used tables",
  setup(build) {
    build.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, async ({ path }) => {
      const all = Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>);
      return { contents: JSON.stringify(Object.fromEntries(all.filter(([type]) => TYPES.has(type)))), loader: "json" };
    });
    build.onLoad({ filter: /[\\/]iconv-lite[\\/]encodings[\\/]tables[\\/][\w-]+\.json$/ }, () => ({
      contents: "[]",
      loader: "json",
    }));
  },
};
