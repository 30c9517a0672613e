const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { readFileSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");

/**
 * `node webapp/built.cjs`, or required before another program: afterwards the bundles are what the sources say. A build notes
 * the mark of each file that it read, packages' too, and of each that it wrote; while all of them are the same, another one
 * would write the same bytes.
 */
const ROOT = path.join(__dirname, "..");
const RECORD = path.join(__dirname, "dist", "made-of.json");
/** Whose compiled code the cache is: another Node compiles anew. */
const NODE = `${process.version} ${process.arch}`;
/** What decides over a build and is no source of the bundles. */
const RECIPE = [
  "webapp/build.mts",
  "webapp/compile.mts",
  "webapp/bundled-parts.ts",
  "tsconfig.json",
  "package.json",
  "node_modules/.package-lock.json",
];

/**
 * Of our own, the hash of what it holds: a checkout writes the same content anew. A package's are a thousand, and written by
 * npm: its size, and when anything of it last changed, which nobody can set back.
 */
function markOf(file) {
  const absolute = path.join(ROOT, file);
  if (!file.startsWith("node_modules/")) return createHash("sha256").update(readFileSync(absolute)).digest("base64");
  const { size, ctimeMs } = statSync(absolute);
  return `${size} ${ctimeMs}`;
}

function isBuilt() {
  try {
    const { node, files } = JSON.parse(readFileSync(RECORD, "utf8"));
    return node === NODE && Object.entries(files).every(([file, mark]) => markOf(file) === mark);
  } catch {
    // No record, or a file that it names is gone.
    return false;
  }
}

function build() {
  const begun = Date.now();
  const program = ["--import", "tsx", path.join(__dirname, "build.mts")];
  const { status, stdout } = spawnSync(process.execPath, program, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  // What is wrong, esbuild has said by then.
  if (status !== 0) process.exit(1);
  const { read, written } = JSON.parse(stdout.toString());
  const files = [...RECIPE, ...read];
  // Edited meanwhile: nobody knows which of the two it was made of.
  if (files.some((file) => statSync(path.join(ROOT, file)).ctimeMs >= begun)) return;
  const marks = [...files, ...written].map((file) => [file, markOf(file)]);
  writeFileSync(RECORD, JSON.stringify({ node: NODE, files: Object.fromEntries(marks) }));
}

if (!isBuilt()) build();
