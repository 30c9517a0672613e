import { execFileSync } from "node:child_process";
import path from "node:path";
import { type BuildOptions, build } from "esbuild";
import { onlyRoleCredentials, onlyWhatIsUsed } from "./bundled-parts.js";

/** The oldest Node.js that is supported: laptops may have it; instances run 24, functions 22 or later. */
const TARGET = "node20";

const bundled = {
  absWorkingDir: path.join(import.meta.dirname, ".."),
  outdir: "webapp/dist",
  bundle: true,
  platform: "node",
  target: TARGET,
  format: "cjs",
  minify: true,
  // Parts that nobody imports fall out of ES modules, and not out of CommonJS: a third of the AWS SDK.
  mainFields: ["module", "main"],
  sourcemap: "external",
  sourcesContent: false,
  legalComments: "none",
  // Japanese as it is: escaped, each letter takes twice its bytes.
  charset: "utf8",
  define: { "process.env.NODE_DEBUG": "undefined" },
  metafile: true,
  logLevel: "warning",
} satisfies BuildOptions;

/**
 * Bundles the app, as a server and as a Lambda function, and the photo-cache function into a file each, the same bytes on
 * every machine: they are deployed by the hash of their content. `built.cjs` runs it when that is needed; it prints what it
 * read and wrote.
 */
const results = await Promise.all([
  build({
    ...bundled,
    entryPoints: { "session-app": "webapp/main.ts", start: "webapp/start.ts" },
    plugins: [onlyWhatIsUsed],
  }),
  build({
    ...bundled,
    entryPoints: { "session-lambda": "webapp/lambda.ts", "photo-cache": "webapp/photo-cache/main.ts" },
    plugins: [onlyWhatIsUsed, onlyRoleCredentials],
  }),
  // What is wrong, esbuild has said by then.
]).catch(() => process.exit(1));

// Not among what is written: a start looks by itself whether it fits.
const compile = [...process.execArgv, path.join(import.meta.dirname, "compile.mts")];
execFileSync(process.execPath, compile, { stdio: ["ignore", "ignore", "inherit"] });

const read = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
const written = results.flatMap(({ metafile }) => Object.keys(metafile.outputs));
process.stdout.write(JSON.stringify({ read: [...new Set(read)], written }));
