require("./machine/node-version.cjs");
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { enableCompileCache } = require("node:module");
const path = require("node:path");
const { version } = installed();

/**
 * `node --require ./cli/typescript.cjs main.ts`: Node runs this repository's TypeScript. Types are taken away file by file, and
 * what is left is kept by the hash of all it was made of, so nothing can be out of date; packages are left as they are,
 * of which tsx reads every file. With `--enable-source-maps`, stack traces name the lines of the sources.
 */
const CACHE = path.join(__dirname, "..", "node_modules", ".cache");
// From 22.8 on, Node itself keeps what it compiled.
enableCompileCache?.(path.join(CACHE, "node"));

const options = {
  configFile: false,
  swcrc: false,
  module: { type: "commonjs", ignoreDynamic: true },
  jsc: { target: "es2023", parser: { syntax: "typescript" } },
  sourceMaps: process.execArgv.includes("--enable-source-maps") ? "inline" : false,
};
const RECIPE = version + JSON.stringify(options);
const KEPT = path.join(CACHE, "typescript");

/** The doctor and all other commands end with one line where `npm ci` was left out. */
function installed() {
  try {
    return require("@swc/core/package.json");
  } catch {
    process.stderr.write("dependencies: not installed. Fix: npm ci.\n");
    process.exit(2);
  }
}

function javascript(filename) {
  const source = readFileSync(filename, "utf8");
  // Where the file lies, only a source map tells.
  const place = options.sourceMaps ? filename : "";
  const hash = createHash("sha256").update([RECIPE, place, source].join("\n")).digest("hex");
  const file = path.join(KEPT, `${hash}.js`);
  try {
    return readFileSync(file, "utf8");
  } catch {
    const { code } = require("@swc/core").transformSync(source, { ...options, filename });
    keep(file, code);
    return code;
  }
}

/** Whole or not at all: another process may read it meanwhile. */
function keep(file, text) {
  try {
    mkdirSync(KEPT, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Where packages may not be changed, each start does it again.
  }
}

require.extensions[".ts"] = (module, filename) => module._compile(javascript(filename), filename);
