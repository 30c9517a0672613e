import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installPackages } from "../machine/install-packages";
import { ROOT } from "../machine/root";
import { copyRenamed } from "./rename-imports";

/**
 * `npm run package:cdktn`, after `prepack`: writes `dist/cdktn`, the package for users of cdktn, the fork of cdktf. Its
 * constructs are compiled, and so type-checked, from this repository's sources with the imports renamed, against the versions
 * of package.json beside this file; the bundled apps and the session layer are the same files.
 */
const DIST = path.join(ROOT, "dist");
const SOURCES = path.join(DIST, "cdktn-sources");
const OUT = path.join(DIST, "cdktn");
/** A folder outside of this repository's packages, which must not resolve the fork. */
const CORE = path.join(ROOT, "node_modules", ".cache", "cdktn");

function compile(): void {
  rmSync(SOURCES, { recursive: true, force: true });
  mkdirSync(SOURCES, { recursive: true });
  copyRenamed(["modules", "environment"], SOURCES);
  cpSync(path.join(ROOT, "tsconfig.json"), path.join(SOURCES, "tsconfig.json"));
  symlinkSync(path.join(CORE, "node_modules"), path.join(SOURCES, "node_modules"), "junction");
  const typescript = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
  const args = ["-p", path.join(SOURCES, "modules"), "--outDir", path.join(OUT, "dist")];
  execFileSync(process.execPath, [typescript, ...args], { stdio: "inherit" });
}

/** The parts of this repository's package.json for users of the fork. */
function manifest(): Record<string, unknown> {
  const own = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));
  const { version, license, main, types, exports, typesVersions, dependencies, repository } = own;
  const rename: Record<string, string> = {
    "@cdktf/provider-aws": "@cdktn/provider-aws",
    cdktf: "cdktn",
    constructs: "constructs",
  };
  const ranges: Record<string, string> = {
    "@cdktn/provider-aws": "^25.7.0",
    cdktn: "^0.24.0",
    constructs: ">=10.6.0 <10.8.0",
  };
  const named = (name: string) => rename[name] ?? name;
  const peers = Object.entries<string>(own.peerDependencies).map(([name, range]) => [
    named(name),
    ranges[named(name)] ?? range,
  ]);
  const meta = Object.entries(own.peerDependenciesMeta).map(([name, value]) => [named(name), value]);
  return {
    name: "cdktn-session-store",
    version,
    description: own.description.replaceAll("CDKTF", "CDK Terrain (cdktn)"),
    license,
    // cdktn asks for it.
    engines: { node: "^22.19.0 || >=24" },
    ...(repository && { repository }),
    main,
    types,
    exports,
    typesVersions,
    files: ["dist"],
    dependencies,
    peerDependencies: Object.fromEntries(peers),
    peerDependenciesMeta: Object.fromEntries(meta),
  };
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
installPackages(__dirname, CORE);
compile();
for (const name of ["session", "webapp"])
  cpSync(path.join(DIST, name), path.join(OUT, "dist", name), { recursive: true });
cpSync(path.join(ROOT, "LICENSE"), path.join(OUT, "LICENSE"));
cpSync(path.join(ROOT, "docs", "cdktn.md"), path.join(OUT, "README.md"));
writeFileSync(path.join(OUT, "package.json"), `${JSON.stringify(manifest(), null, 2)}\n`);
