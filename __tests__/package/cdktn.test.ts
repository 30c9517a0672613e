import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { copyRenamed } from "../../cli/cdktn/rename-imports.cjs";
import { checkout } from "../programs/checkout";
import { installNode } from "../programs/npm-package";
import { describeUnless } from "../programs/require";
import { differences } from "./differences";
import { listPrograms, Project, packForCdktn } from "./project";

const ROOT = path.join(__dirname, "..", "..");
const PACKAGES = path.join(ROOT, "node_modules");
/** Where `npm run package:cdktn` installs the fork. */
const CORE = path.join(PACKAGES, ".cache", "cdktn", "node_modules");
const TYPESCRIPT = path.join(PACKAGES, "typescript", "bin", "tsc");
const FORK = ["cdktn", "constructs", "@cdktn/provider-aws"];
const STACKS = ["session-ec2", "session-ecs", "session-lambda"];
const PROGRAM = ["main.ts", "modules", "environment", "settings", "stacks"];
const BESIDE = ["cdktf.json", "package.json", "cli/typescript.cjs", "cli/machine", "webapp/dist", "webapp/build"];
/** The fork and its bindings write these otherwise: versions, and the provider's name in full. No resource is among them. */
const VERSIONS = [
  "//.metadata.version",
  "terraform.required_providers.aws.source",
  "terraform.required_providers.aws.version",
];

const node22 = installNode(22);
const node24 = installNode(24);
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function link(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true });
  symlinkSync(from, to);
}

/** This repository's program on the fork: the same sources, their imports renamed. */
function programOnFork(): string {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), "cdktn-")));
  folders.push(folder);
  copyRenamed(PROGRAM, folder);
  for (const name of BESIDE) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  for (const name of FORK) link(path.join(CORE, name), path.join(folder, "node_modules", name));
  for (const name of ["zod", "fflate", "@swc"])
    link(path.join(PACKAGES, name), path.join(folder, "node_modules", name));
  return folder;
}

/** The JSON of each stack. */
function synthesized(folder: string, node: string): Record<string, unknown> {
  const run = ["--require", "./cli/typescript.cjs", "main.ts", ...STACKS];
  execFileSync(node, run, { cwd: folder, stdio: "pipe" });
  const json = (stack: string) => readFileSync(path.join(folder, "cdktf.out", "stacks", stack, "cdk.tf.json"), "utf8");
  return Object.fromEntries(STACKS.map((stack) => [stack, JSON.parse(json(stack))]));
}

describeUnless(node22.missing ?? node24.missing, "cdktn", () => {
  const nodes = [node22, node24].map(({ commands }) => path.join(commands, "node"));
  let tarball: string;
  beforeAll(() => {
    tarball = packForCdktn();
  }, 600_000);

  it("has a package that names it and never cdktf, with the same bundles and notices", () => {
    const project = new Project();
    project.install(tarball, [], "cdktn-session-store");
    const manifest = JSON.parse(project.read("node_modules", "cdktn-session-store", "package.json"));
    expect(manifest.peerDependencies).toMatchObject({ cdktn: "^0.24.0", "@cdktn/provider-aws": "^25.7.0" });
    expect(Object.keys(manifest.peerDependencies).filter((name) => name.includes("cdktf"))).toEqual([]);
    const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" });
    for (const bundle of ["session-app", "session-lambda", "photo-cache"]) {
      expect(files).toContain(`package/dist/webapp/dist/${bundle}.js`);
      expect(files).toContain(`package/dist/webapp/dist/${bundle}.THIRD-PARTY-NOTICES.txt`);
    }
    const compiled = path.join(project.folder, "node_modules", "cdktn-session-store", "dist", "modules");
    const imports = execFileSync("grep", ["-rhoE", '(from|require\\() ?"@?cdkt[a-z/-]+', compiled], {
      encoding: "utf8",
    });
    expect(imports).toContain("cdktn");
    expect(imports).not.toContain("cdktf");
  });

  it("runs its page's program, typed, on Node.js 22 and 24", () => {
    const project = new Project();
    project.install(tarball, ["@types"], "cdktn-session-store");
    for (const name of FORK) project.link(name, CORE);
    project.write("main.ts", listPrograms("docs", "cdktn.md")[0] as string);
    const options = { strict: true, module: "node16", target: "es2022", types: ["node"] };
    expect(project.compile(TYPESCRIPT, options)).toBe("");
    for (const node of nodes) expect(project.run(node)).toBe("");
    const json = JSON.parse(project.read("cdktf.out", "stacks", "shop", "cdk.tf.json"));
    expect(json.terraform.required_version).toBe(">= 1.11.0");
  }, 240_000);

  it("synthesizes every stack on Node.js 22 and 24; from cdktf's, versions alone differ", () => {
    const before = synthesized(checkout(true), process.execPath);
    const fork = programOnFork();
    for (const node of nodes) {
      const after = synthesized(fork, node);
      for (const stack of STACKS) expect([stack, differences(before[stack], after[stack])]).toEqual([stack, VERSIONS]);
    }
  }, 240_000);
});
