const { spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { readFileSync, rmSync, statSync, writeFileSync } = require("node:fs");
const path = require("node:path");

/**
 * `node webapp/build/if-edited.cjs`, or required before another program: afterwards the bundles are what the sources say. A build notes
 * when each file that it read, packages' too, and each that it wrote was changed, and its hash; while none was changed, or
 * not in what it holds, another one would write the same bytes.
 */
const ROOT = path.join(__dirname, "..", "..");
const RECORD = path.join(__dirname, "..", "dist", "made-of.json");
/** Files that decide whether to build, and are no sources of the bundles. */
const RECIPE = [
  "webapp/build/bundle.mts",
  "webapp/build/left-out.ts",
  "webapp/build/notices.mts",
  "webapp/build/write-whole.mts",
  "environment/disk-error.ts",
  "tsconfig.json",
  "package.json",
  "node_modules/.package-lock.json",
];

/** Changes with every change to the file, and also when it is copied or checked out again; no program can set it back. */
function readChange(file) {
  const { size, ctimeMs } = statSync(path.join(ROOT, file));
  return `${size} ${ctimeMs}`;
}

function hashFile(file) {
  return createHash("sha256")
    .update(readFileSync(path.join(ROOT, file)))
    .digest("base64");
}

function isBuilt() {
  try {
    const files = JSON.parse(readFileSync(RECORD, "utf8"));
    return files.every(([file, change, hash]) => readChange(file) === change || hashFile(file) === hash);
  } catch {
    // No record, or a file that it names is gone.
    return false;
  }
}

function build() {
  const begun = Date.now();
  const program = ["--import", "tsx", path.join(__dirname, "bundle.mts")];
  const { status, stdout } = spawnSync(process.execPath, program, { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"] });
  // The bundler has said by then what is wrong.
  if (status !== 0) process.exit(status ?? 1);
  const { read, written } = JSON.parse(stdout.toString());
  const files = [...RECIPE, ...read];
  const marked = [...files, ...written].map((file) => [file, readChange(file), hashFile(file)]);
  // A file was edited meanwhile, and the bundle may hold either version of it.
  if (files.some((file) => statSync(path.join(ROOT, file)).ctimeMs >= begun)) return;
  record(JSON.stringify(marked));
}

/** Without a record, as on a full disk, the next command builds again. */
function record(text) {
  try {
    writeFileSync(RECORD, text);
  } catch {
    rmSync(RECORD, { force: true });
  }
}

if (!isBuilt()) build();
