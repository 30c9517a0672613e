import Module, { createRequire } from "node:module";

/**
 * What packages load or do and a synthesis has no use for, a sixth of its time; imported before any of them. The bundles are
 * without the like by webapp/bundled-parts.ts, Jest by its configuration.
 */
function without(part: string, from: string, instead: object = {}): void {
  const file = createRequire(from).resolve(part);
  require.cache[file] = Object.assign(new Module(file), { exports: instead, loaded: true });
}

const CDKTF = require.resolve("cdktf");
// Packs assets that are folders, and does that in a process of its own.
without("archiver", CDKTF);
// Notes where each token was made, for an error of cdktf that a construct with a fault would meet.
without("./tokens/private/stack-trace", CDKTF, { captureStackTrace: () => [] });
// The settings say in their own words what is wrong.
without("zod/v4/locales", __filename);
