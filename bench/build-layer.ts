import path from "node:path";
import { build } from "esbuild";
import { BENCH } from "./served";

/** Our layer's page app as plain JavaScript, its packages left outside like the peers'. */
export async function buildLayer(): Promise<void> {
  await build({
    entryPoints: [path.join(BENCH, "layer-app.ts")],
    outfile: path.join(BENCH, "dist/layer-app.js"),
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "cjs",
    logLevel: "warning",
  });
}
