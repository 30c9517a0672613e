const { execFileSync } = require("node:child_process");
const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");

/**
 * `npm run sbom`: writes `dist/sbom.cdx.json`, a CycloneDX bill of materials of what a release ships: the packages that are
 * bundled into the apps, as their notices name them, and the packages that npm installs beside this one. npm's own bill,
 * which this is a part of, has either the tools of this repository too, or nothing that is bundled.
 *
 * @see https://docs.npmjs.com/cli/v11/commands/npm-sbom
 */
const ROOT = path.join(__dirname, "..", "..");
const BUNDLES = path.join(ROOT, "webapp", "dist");
const OUT = path.join(ROOT, "dist", "sbom.cdx.json");

/** As `name@version`. */
function bundledPackages() {
  const notices = readdirSync(BUNDLES).filter((file) => file.endsWith(".THIRD-PARTY-NOTICES.txt"));
  if (notices.length === 0) throw new Error(`sbom: ${BUNDLES} has no bundles; npm run build makes them`);
  const lines = notices.flatMap((file) => readFileSync(path.join(BUNDLES, file), "utf8").split("\n"));
  return lines.flatMap((line) => {
    const [, name, version] = /^(\S+) (\d+\.\d+\.\d\S*) \([^()]+( [^()]+)*\)$/.exec(line) ?? [];
    return name === undefined ? [] : [`${name}@${version}`];
  });
}

/** npm, by the program that runs this script: on Windows `npm` is no program that Node.js can start. */
function npmSbom(...args) {
  const npm = process.env.npm_execpath;
  const [program, first] = npm === undefined ? ["npm", []] : [process.execPath, [npm]];
  const all = [...first, "sbom", "--sbom-format", "cyclonedx", "--package-lock-only", ...args];
  return JSON.parse(execFileSync(program, all, { cwd: ROOT, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }));
}

/** By `name@version`; npm names a package once, and where cdktf carries a copy, that copy, which has no hash. */
function readHashes() {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, "package-lock.json"), "utf8"));
  const known = Object.entries(packages).flatMap(([folder, { name, version, integrity }]) => {
    const [algorithm, digest] = integrity?.split("-") ?? [];
    if (algorithm !== "sha512") return [];
    const content = Buffer.from(digest, "base64").toString("hex");
    return [[`${name ?? folder.split("node_modules/").at(-1)}@${version}`, [{ alg: "SHA-512", content }]]];
  });
  return new Map(known);
}

const bill = npmSbom();
const { name, version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
const installed = npmSbom("--omit", "dev", "--omit", "peer", "--omit", "optional");
const shipped = new Set([...bundledPackages(), ...installed.components.map((one) => `${one.name}@${one.version}`)]);

const hashes = readHashes();
const components = bill.components
  .filter((one) => shipped.has(`${one.name}@${one.version}`))
  // npm's properties say what a package is to this repository, such as a development dependency.
  .map(({ properties, ...one }) => ({ ...one, hashes: hashes.get(`${one.name}@${one.version}`) ?? [] }));
const unknown = [...shipped].filter((one) => !components.some((known) => `${known.name}@${known.version}` === one));
if (unknown.length > 0)
  throw new Error(`sbom: package-lock.json knows nothing of ${unknown.join(", ")}; npm install, npm run build`);

// npm calls the package by the folder of its checkout.
const root = { ...bill.metadata.component, name, version };
const refs = new Set([root["bom-ref"], ...components.map((one) => one["bom-ref"])]);
const dependencies = bill.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => refs.has(one)) }));

mkdirSync(path.dirname(OUT), { recursive: true });
const whole = { ...bill, metadata: { ...bill.metadata, component: root }, components, dependencies };
writeFileSync(OUT, `${JSON.stringify(whole, null, 2)}\n`);
