import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

/** Media types of the answers the app sends and of the requests its body parser reads. */
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
 * `debug` without output. With DEBUG set, ioredis' debug lines print the arguments of AUTH: a password or an IAM token
 * would reach the log (`write command[...] -> auth([...])` in ioredis' Redis.js).
 */
const SILENT_DEBUG =
  "exports = module.exports = () => Object.assign(() => undefined, { enabled: false }); exports.default = exports";

/** The limiters of the login throttle. The package's index loads one for each database it knows. */
const LIMITERS = ["RateLimiterMemory", "RateLimiterRedis", "RateLimiterRes"];

/** Files of packages (path below node_modules), and their contents in the bundle. */
const INSTEAD: readonly (readonly [file: RegExp, contents: string])[] = [
  // 235 KB of character sets beyond Unicode and Latin-1. The body parser decodes every form as UTF-8.
  [/iconv-lite[\\/]encodings[\\/]tables[\\/][\w-]+\.json$/, "module.exports = []"],
  [/iconv-lite[\\/]encodings[\\/]sbcs-data-generated\.js$/, ""],
  // 55 KB of limiters for databases that the app does not use.
  [
    /rate-limiter-flexible[\\/]index\.js$/,
    LIMITERS.map((name) => `exports.${name} = require("./lib/${name}");`).join(""),
  ],
  [/debug[\\/]src[\\/]index\.js$/, SILENT_DEBUG],
];

/**
 * The exceptions to the rule that a bundle holds each package as npm installs it: data that the app never looks up, code
 * that it never calls, and `debug`. docs/dependencies.md lists them with their reasons.
 */
export const leftOut: Plugin = {
  name: "left out",
  setup(build) {
    // 423 KB of media types that the app neither sends nor reads.
    build.onLoad({ filter: /[\\/]node_modules[\\/]mime-db[\\/]db\.json$/ }, async ({ path }) => {
      const all = Object.entries(JSON.parse(await readFile(path, "utf8")) as Record<string, unknown>);
      return { contents: JSON.stringify(Object.fromEntries(all.filter(([type]) => TYPES.has(type)))), loader: "json" };
    });
    for (const [file, contents] of INSTEAD) {
      const filter = new RegExp(`[\\\\/]node_modules[\\\\/]${file.source}`);
      build.onLoad({ filter }, () => ({ contents, loader: "js" }));
    }
  },
};
