import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { checkout } from "../programs/checkout";
import { installNode } from "../programs/npm-package";
import { describeUnless } from "../programs/require";
import { differences } from "./differences";
import { FORK, FORK_PACKAGES, programOnFork, synthesizeStacks } from "./fork";
import { listPrograms, Project, packForCdktn } from "./project";

const TYPESCRIPT = path.join(__dirname, "..", "..", "node_modules", "typescript", "bin", "tsc");
const STACKS = ["session-ec2", "session-ecs", "session-lambda"];
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
    for (const name of FORK) project.link(name, FORK_PACKAGES);
    project.write("main.ts", listPrograms("docs", "cdktn.md")[0] as string);
    const options = { strict: true, module: "node16", target: "es2022", types: ["node"] };
    expect(project.compile(TYPESCRIPT, options)).toBe("");
    for (const node of nodes) expect(project.run(node)).toBe("");
    const json = JSON.parse(project.read("cdktf.out", "stacks", "shop", "cdk.tf.json"));
    expect(json.terraform.required_version).toBe(">= 1.11.0");
  }, 240_000);

  it("synthesizes every stack on Node.js 22 and 24; from cdktf's, versions alone differ", () => {
    const before = synthesizeStacks(checkout(true), STACKS, process.execPath);
    const fork = programOnFork();
    folders.push(fork);
    for (const node of nodes) {
      const after = synthesizeStacks(fork, STACKS, node);
      for (const stack of STACKS) expect([stack, differences(before[stack], after[stack])]).toEqual([stack, VERSIONS]);
    }
  }, 240_000);
});
