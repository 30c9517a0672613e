import { hash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import Module from "node:module";
import path from "node:path";
import { constants, Script } from "node:vm";

const DIGEST_BYTES = 32;

/** A bundle that Node can run. */
export interface Program {
  /** It came out of its cache: what is kept there is not compiled again. */
  readonly isCompiled: boolean;
  /** Runs it, as `node <bundle>` would. */
  run(): void;
  /** Keeps what V8 has made of it so far, functions that ran included, for the next start. */
  keep(): void;
}

/**
 * Reads a bundle, and what V8 made of it when it was built: of a start, half is compiling. A cache that is missing, of another
 * bundle, another Node or another processor is as good as none. It is code, so nothing that serves ever writes it.
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/vm.html#scriptcreatecacheddata
 * @throws when the bundle can't be read.
 */
export function readProgram(bundle: string): Program {
  const bytes = readFileSync(bundle);
  const digest = hash("sha256", bytes, "buffer");
  const file = `${bundle}.${process.arch}.cache`;
  const cachedData = readCache(file, digest);
  const script = new Script(Module.wrap(bytes.toString("utf8")), {
    filename: bundle,
    columnOffset: -Module.wrap("|").indexOf("|"),
    // V8 looks at its version and its options; of the source, at the length alone.
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return {
    isCompiled: cachedData !== undefined && script.cachedDataRejected === false,
    run() {
      const module = new Module(bundle);
      script.runInThisContext()(module.exports, Module.createRequire(bundle), module, bundle, path.dirname(bundle));
    },
    keep() {
      writeFileSync(file, Buffer.concat([digest, script.createCachedData()]));
    },
  };
}

function readCache(file: string, digest: Buffer): Buffer | undefined {
  try {
    const cache = readFileSync(file);
    return cache.subarray(0, DIGEST_BYTES).equals(digest) ? cache.subarray(DIGEST_BYTES) : undefined;
  } catch {
    return undefined;
  }
}
