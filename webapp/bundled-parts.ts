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

/** The limiters the login throttle counts with. The package's own index loads one for each database there is. */
const LIMITERS = ["RateLimiterMemory", "RateLimiterRedis", "RateLimiterRes"];

/**
 * Leaves out of the bundle, 1,000 of its 2,300 KB, what the app loads and never asks: of mime-db all but the types above,
 * of iconv-lite the character sets beyond Unicode and Latin-1, and the limiters of other databases. Forms are UTF-8, as
 * the pages that hold them: the body parser decodes nothing else, whatever a request says of its charset.
 */
export const onlyWhatIsUsed: Plugin = {
  name: "only what is used",
  setup(build) {
    build.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, async ({ path }) => {
      const all = Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>);
      return { contents: JSON.stringify(Object.fromEntries(all.filter(([type]) => TYPES.has(type)))), loader: "json" };
    });
    build.onLoad({ filter: /[\\/]iconv-lite[\\/]encodings[\\/]tables[\\/][\w-]+\.json$/ }, () => ({
      contents: "[]",
      loader: "json",
    }));
    build.onLoad({ filter: /[\\/]iconv-lite[\\/]encodings[\\/]sbcs-data(-generated)?\.js$/ }, () => ({
      contents: "module.exports = {}",
    }));
    build.onLoad({ filter: /[\\/]rate-limiter-flexible[\\/]index\.js$/ }, () => ({
      contents: LIMITERS.map((name) => `exports.${name} = require("./lib/${name}");`).join("\n"),
    }));
  },
};
