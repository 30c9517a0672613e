import path from "node:path";
import { build } from "esbuild";
import { onlyWhatIsUsed } from "./bundled-parts.js";

/** What Node runs on an instance: Node 22; on a laptop, Node 20. */
const TARGET = "node20";

/**
 * Bundles the app, as a server and as a Lambda function, and the photo-cache function into a file each, the same bytes on
 * every machine: they are deployed by the hash of their content. Imported before another program, as `npm run synth` does,
 * it is done before that one begins.
 */
await build({
  absWorkingDir: path.join(import.meta.dirname, ".."),
  entryPoints: {
    "session-app": "webapp/main.ts",
    "session-lambda": "webapp/lambda.ts",
    "photo-cache": "webapp/photo-cache/main.ts",
  },
  outdir: "webapp/dist",
  bundle: true,
  platform: "node",
  target: TARGET,
  format: "cjs",
  minify: true,
  // Parts that nobody imports fall out of ES modules, and not out of CommonJS: a third of the AWS SDK.
  mainFields: ["module", "main"],
  plugins: [onlyWhatIsUsed],
  sourcemap: "external",
  sourcesContent: false,
  legalComments: "none",
  define: { "process.env.NODE_DEBUG": "undefined" },
  logLevel: "warning",
  // What is wrong, esbuild has said by then.
}).catch(() => process.exit(1));
