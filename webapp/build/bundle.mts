import path from "node:path";
import { build } from "esbuild";
import { leftOut } from "./left-out.js";
import { bundledPackages, NOTICES_SUFFIX, noticesText } from "./notices.mjs";
import { writeWhole } from "./write-whole.mjs";

const ROOT = path.join(import.meta.dirname, "..", "..");

/**
 * Bundles the app, as a server and as a Lambda function, and the photo-cache function into a file each, the same bytes on
 * every machine: they are deployed by the hash of their content. Beside each it writes the notices of the packages in it.
 * `if-edited.cjs` runs it when that is needed; it prints what it read and wrote.
 */
const { metafile, outputFiles } = await build({
  absWorkingDir: ROOT,
  entryPoints: {
    "session-app": "webapp/main.ts",
    "session-lambda": "webapp/lambda.ts",
    "photo-cache": "webapp/photo-cache/main.ts",
  },
  outdir: "webapp/dist",
  bundle: true,
  platform: "node",
  // The oldest Node.js that is supported: laptops may have it; instances run 24, functions 22 or later.
  target: "node20",
  format: "cjs",
  minify: true,
  // Unused parts fall out of ES modules, and not out of CommonJS: a third of the AWS SDK.
  mainFields: ["module", "main"],
  sourcemap: "external",
  sourcesContent: false,
  // The notices are in a file of their own, whole, where comments have a part of them.
  legalComments: "none",
  // Japanese as it is: escaped, each letter takes twice its bytes.
  charset: "utf8",
  metafile: true,
  write: false,
  logLevel: "warning",
  plugins: [leftOut],
  // esbuild has printed what is wrong by then.
}).catch(() => process.exit(1));

const notices = Object.entries(metafile.outputs)
  .filter(([file]) => file.endsWith(".js"))
  .map(([file, { inputs }]) => {
    const { dir, name, base } = path.posix.parse(file);
    const text = noticesText(base, bundledPackages(ROOT, inputs));
    return { path: path.join(ROOT, dir, name + NOTICES_SUFFIX), contents: Buffer.from(text) };
  });
writeWhole([...outputFiles, ...notices]);

const read = Object.keys(metafile.inputs);
const written = [...outputFiles, ...notices].map((file) => path.relative(ROOT, file.path));
process.stdout.write(JSON.stringify({ read, written }));
