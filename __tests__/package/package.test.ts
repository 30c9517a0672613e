import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { installPackages } from "../../cli/machine/install-packages";
import { findProviders, requiredProviders, terraformVariables } from "../deploy/provider";
import { deadLinks } from "../docs/links";
import { describeWith } from "../programs/require";
import { listPrograms, Project, pack } from "./project";

const ROOT = path.join(__dirname, "..", "..");
/** The packages that README's command installs beside this one; types of Node, as any project in TypeScript has them. */
const BESIDE = ["cdktf", "constructs", "@cdktf/provider-aws", "@types"];
const STRICT = { strict: true, exactOptionalPropertyTypes: true, target: "es2022", types: ["node"] };
const BY_EXPORTS = { ...STRICT, module: "node16" };
/** The compiler options of cdktf-cli's template, which ignore exports. */
const AS_IN_TEMPLATE = { ...STRICT, module: "commonjs", moduleResolution: "node10", ignoreDeprecations: "6.0" };
const TYPESCRIPT_7 = path.join(ROOT, "node_modules", "typescript", "bin", "tsc");
/** The generator of the API report brings it. */
const GENERATORS = path.join(ROOT, "docs", "build");
const TYPESCRIPT_6 = path.join(GENERATORS, "node_modules", "typescript", "bin", "tsc");
installPackages(GENERATORS);

const stackFolder = (project: Project, name: string) => path.join(project.folder, "cdktf.out", "stacks", name);

const [inReadme, ...others] = listPrograms("README.md");
const programs = [
  ["README.md", inReadme as string, "shop"],
  ["docs/library.md, a cache alone", listPrograms("docs", "library.md")[0] as string, "shop"],
  ["docs/library.md, an app of one's own", listPrograms("docs", "library.md")[1] as string, "shop"],
  ["docs/library.md, what is there already", listPrograms("docs", "library.md")[2] as string, "web"],
  ["docs/library.md, two regions", listPrograms("docs", "library.md")[3] as string, "shop"],
  ["docs/library.md, a backend of one's own", listPrograms("docs", "library.md")[4] as string, "shop"],
] as const;

let tarball: string;
beforeAll(() => {
  tarball = pack();
}, 240_000);

function projectWith(program: string): Project {
  const project = new Project();
  project.install(tarball, BESIDE);
  project.write("main.ts", program);
  project.write("shop.js", "// An app");
  return project;
}

describe("the package", () => {
  it("holds what is run and read, built, and no source", () => {
    const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
    const unexpected = files.filter(
      (file) =>
        !/^package\/(dist\/.*\.(js|d\.ts|THIRD-PARTY-NOTICES\.txt)|[A-Za-z]+(\.ja)?\.(json|md)|LICENSE|docs\/([\w/.-]+\.(md|json|yml|png)|examples\/[\w/.-]+\.(ts|js)))$/.test(
          file,
        ),
    );
    expect(unexpected).toEqual([]);
    for (const app of ["session-app", "session-lambda", "photo-cache"]) {
      expect(files).toContain(`package/dist/webapp/dist/${app}.js`);
      expect(files).toContain(`package/dist/webapp/dist/${app}.THIRD-PARTY-NOTICES.txt`);
    }
    expect(files).toContain("package/dist/cli/bin/session-store.js");
    expect(files).toContain("package/dist/cli/bin/session-store.THIRD-PARTY-NOTICES.txt");
  });

  it("has no page with a link that leads out of it", () => {
    const project = new Project();
    project.install(tarball, []);
    const installed = path.join(project.folder, "node_modules", "cdktf-session-store");
    const pages = readdirSync(installed, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"));
    expect(pages).toContain(path.join("docs", "design.md"));
    expect(deadLinks(installed, pages)).toEqual([]);
  });

  it("is one program in the README, and five in the page on the library", () => {
    expect(others).toEqual([]);
    expect(listPrograms("docs", "library.md")).toHaveLength(5);
  });
});

describe.each(programs)("the program of %s", (_, program, stack) => {
  it("is typed, and synthesizes in an empty project", () => {
    const project = projectWith(program);
    expect(project.compile(TYPESCRIPT_7, BY_EXPORTS) + project.run()).toBe("");
    expect(existsSync(path.join(stackFolder(project, stack), "cdk.tf.json"))).toBe(true);
  }, 240_000);
});

describe("the examples of the constructs", () => {
  it("are in the package, are typed, and synthesize in an empty project", () => {
    const project = projectWith("");
    const examples = path.join(project.folder, "node_modules", "cdktf-session-store", "docs", "examples");
    const files = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    expect(files).toContain(path.join("redis", "redis-cluster.ts"));
    cpSync(examples, path.join(project.folder, "examples"), { recursive: true });
    project.write("main.ts", files.map((file) => `import "./examples/${file.slice(0, -".ts".length)}";\n`).join(""));
    expect(project.compile(TYPESCRIPT_7, BY_EXPORTS) + project.run()).toBe("");
  }, 240_000);
});

describe("the types", () => {
  it("are found by TypeScript 6 set as cdktf-cli's template sets it", () => {
    const project = projectWith(
      `${inReadme}
      export { createSessions } from "cdktf-session-store/session";
      export { connectRedis } from "cdktf-session-store/redis";`,
    );
    for (const name of ["koa", "koa-session", "ioredis", "zod"]) project.link(name);
    expect(project.compile(TYPESCRIPT_6, AS_IN_TEMPLATE)).toBe("");
  }, 240_000);

  it("refuse a property that is none", () => {
    const project = projectWith((inReadme as string).replace("replicas:", "replica:"));
    expect(project.compile(TYPESCRIPT_7, BY_EXPORTS)).toContain("'replica' does not exist in type 'RedisClusterProps'");
  }, 240_000);
});

describeWith(["terraform"], "what the README's program writes", () => {
  it("is valid Terraform, with the app that came in the package", () => {
    const project = projectWith(inReadme as string);
    expect(project.compile(TYPESCRIPT_7, BY_EXPORTS) + project.run()).toBe("");
    const cwd = stackFolder(project, "shop");
    const source = findProviders(requiredProviders(cwd));
    const env = { ...process.env, ...terraformVariables(source, path.join(project.folder, "terraform.tfrc")) };
    const terraform = (...args: string[]) => execFileSync("terraform", args, { cwd, env, encoding: "utf8" });
    terraform("init", "-input=false", "-backend=false");
    expect(JSON.parse(terraform("validate", "-json"))).toMatchObject({ valid: true, error_count: 0 });
    const assets = readdirSync(path.join(cwd, "assets"), { recursive: true, encoding: "utf8" });
    expect(assets.some((name) => path.basename(name) === "session-app.js")).toBe(true);
  }, 240_000);
});
