import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import path from "node:path";
import { describeUnless } from "../programs/require";
import { listPrograms, Project, pack } from "./project";

const ROOT = path.join(__dirname, "..", "..");
const BINDINGS = "@cdktf/provider-aws@21.22.1";
const TYPESCRIPT = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");

/** 410 MB, so it is none of this repository's dependencies. */
const project = new Project();
const npm = spawnSync("npm", ["install", "--no-save", "--no-audit", "--no-fund", "--omit=peer", BINDINGS], {
  cwd: project.folder,
  encoding: "utf8",
  timeout: 120_000,
});
const uninstalled = npm.status === 0 ? undefined : `npm could not install ${BINDINGS}: ${npm.stderr}`;

describeUnless(uninstalled, "provider bindings 21", () => {
  beforeAll(() => {
    project.install(pack(), ["cdktf", "constructs", "@types"]);
  }, 240_000);

  it("take the sources as they stand", () => {
    for (const name of ["modules", "environment", "tsconfig.json"]) {
      cpSync(path.join(ROOT, name), path.join(project.folder, name), { recursive: true });
    }
    const said = spawnSync(process.execPath, [TYPESCRIPT, "-p", "."], { cwd: project.folder, encoding: "utf8" });
    expect([said.status, said.stdout]).toEqual([0, ""]);
  }, 240_000);

  it("take the README's program, which then asks for AWS provider 6", () => {
    project.write("main.ts", listPrograms("README.md")[0] as string);
    const options = { strict: true, module: "node16", target: "es2022", types: ["node"] };
    expect(project.compile(TYPESCRIPT, options) + project.run()).toBe("");
    const json = JSON.parse(project.read("cdktf.out", "stacks", "shop", "cdk.tf.json"));
    expect(json.terraform.required_providers.aws.version).toMatch(/^6\./);
  }, 240_000);
});
