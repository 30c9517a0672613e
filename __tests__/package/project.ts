import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout } from "../programs/checkout";

const ROOT = path.join(__dirname, "..", "..");
const MODULES = path.join(ROOT, "node_modules");

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The package as `npm pack` makes it of a fresh checkout. @returns the tarball. */
export function pack(): string {
  return packIn(repositoryToPack(), ".");
}

/** The package for cdktn, as `npm run package:cdktn` and `npm pack` make it of a fresh checkout. @returns the tarball. */
export function packForCdktn(): string {
  const repository = repositoryToPack();
  execFileSync("npm", ["run", "--silent", "package:cdktn"], { cwd: repository, stdio: "pipe" });
  return packIn(repository, "./dist/cdktn");
}

function repositoryToPack(): string {
  const repository = checkout();
  const pages = ["README.md", "README.ja.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"];
  for (const name of [...pages, "LICENSE", "docs"]) {
    cpSync(path.join(ROOT, name), path.join(repository, name), { recursive: true });
  }
  return repository;
}

function packIn(repository: string, folder: string): string {
  const said = execFileSync("npm", ["pack", folder, "--json", "--silent"], { cwd: repository, encoding: "utf8" });
  const [{ filename }] = JSON.parse(said);
  return path.join(repository, filename);
}

/** An empty CDKTF project, outside of this repository, so that nothing of it is found by accident. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "project-")));

  constructor() {
    folders.push(this.folder);
    mkdirSync(path.join(this.folder, "node_modules"));
    this.write("package.json", JSON.stringify({ name: "project", private: true }));
  }

  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, name), text);
  }

  read(...names: string[]): string {
    return readFileSync(path.join(this.folder, ...names), "utf8");
  }

  /** Installs as npm would, with this repository's own copies of the package's dependencies and of `others`. */
  install(tarball: string, others: readonly string[], name = "cdktf-session-store"): void {
    const installed = path.join(this.folder, "node_modules", name);
    mkdirSync(installed);
    execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
    const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
      this.read("node_modules", name, "package.json"),
    );
    const peers = Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional);
    for (const one of [...Object.keys(dependencies), ...peers, ...others]) this.link(one);
  }

  /** @param from - the folder that contains it. @default - this repository's node_modules */
  link(name: string, from: string = MODULES): void {
    const link = path.join(this.folder, "node_modules", name);
    mkdirSync(path.dirname(link), { recursive: true });
    symlinkSync(path.join(from, name), link);
  }

  /** Type-checks `main.ts` and writes JavaScript beside it. @returns what the compiler has against it. */
  compile(compiler: string, options: object): string {
    this.write("tsconfig.json", JSON.stringify({ compilerOptions: options, files: ["main.ts"] }));
    return this.#tryNode([compiler, "-p", "tsconfig.json"]);
  }

  /**
   * Runs the compiled program. @returns what it complains of.
   *
   * @param node - the program that runs it. @default - the Node.js of the test
   */
  run(node: string = process.execPath): string {
    return this.#tryNode(["main.js"], node);
  }

  #tryNode(args: readonly string[], node: string = process.execPath): string {
    try {
      return execFileSync(node, args, { cwd: this.folder, encoding: "utf8", stdio: "pipe" });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return `${stdout}${stderr}`;
    }
  }
}

/** Programs a page shows: its blocks of TypeScript that are whole, with an `app.synth()`. */
export function listPrograms(...page: string[]): string[] {
  const text = readFileSync(path.join(ROOT, ...page), "utf8");
  const blocks = [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, block]) => block as string);
  return blocks.filter((block) => block.includes("app.synth()"));
}
