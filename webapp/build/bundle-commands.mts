import { writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { bundledPackages, NOTICES_SUFFIX, noticesText } from "./notices.mjs";

const ROOT = path.join(import.meta.dirname, "..", "..");
/** From here the commands find the built app, as from their sources. */
const FOLDER = path.join(ROOT, "dist", "cli", "bin");

/**
 * Bundles the package's commands into one file, with the notices of the packages in it beside. A user of the constructs or of
 * the session layer then installs nothing more for them.
 *
 * `node --import tsx webapp/build/bundle-commands.mts [folder]`
 */
const folder = path.resolve(process.argv[2] ?? FOLDER);
const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: { "session-store": "cli/session-store.ts" },
  outdir: folder,
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  mainFields: ["module", "main"],
  // Commands load the constructs for this repository's own stacks alone, which the package has not.
  external: ["cdktf", "constructs", "@cdktf/provider-aws"],
  legalComments: "none",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
  // esbuild has printed what is wrong by then.
}).catch(() => process.exit(1));

const [bundle] = Object.values(metafile.outputs);
const packages = bundledPackages(ROOT, bundle?.inputs ?? {});
writeFileSync(path.join(folder, `session-store${NOTICES_SUFFIX}`), noticesText("session-store.js", packages));
