import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";

const ROOT = path.join(__dirname, "..", "..");
const PLANS = path.join(ROOT, "__tests__", "cli", "plan", "plans");
const { bin } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8"));

/** A folder with the package's commands, built, and with no other package in reach. */
const folder = mkdtempSync(path.join(os.tmpdir(), "session-store-"));
const installed = path.join(folder, "node_modules", "cdktf-session-store");
const stack = path.join(folder, "stack");

beforeAll(() => {
  const built = path.join(installed, path.dirname(bin["session-store"]));
  const bundle = ["--import", "tsx", path.join(ROOT, "webapp", "build", "bundle-commands.mts"), built];
  expect(spawnSync(process.execPath, bundle, { cwd: ROOT, encoding: "utf8" })).toMatchObject({ status: 0, stderr: "" });
  const app = path.join("webapp", "dist", "session-app.js");
  cpSync(path.join(ROOT, app), path.join(installed, "dist", app));
  mkdirSync(stack);
  cpSync(path.join(PLANS, "edits.cdk.tf.json"), path.join(stack, "cdk.tf.json"));
  cpSync(path.join(PLANS, "edits.json"), path.join(stack, "plan.json"));
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], { input = "", variables = {} } = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const program = [path.join(installed, bin["session-store"]), ...args];
  const env = { PATH, HOME, AWS_EC2_METADATA_DISABLED: "true", ...variables };
  return spawnSync(process.execPath, program, { cwd: folder, env, input, encoding: "utf8" });
}

const plan = () => readFileSync(path.join(stack, "plan.json"), "utf8");

it("names its commands, and says of another one what it takes", () => {
  const { status, stdout } = run([]);
  expect([status, stdout.match(/^ {2}(\w+)/gm)?.map((line) => line.trim())]).toEqual([
    0,
    ["plan", "policy", "cost", "size", "diagrams", "doctor", "settings", "inspect"],
  ]);
  expect(run(["nope"])).toMatchObject({
    status: 2,
    stdout: "",
    stderr: expect.stringMatching(/^session-store: got nope, takes plan, /),
  });
});

it("has the licences of the packages in it beside it", () => {
  const file = bin["session-store"].replace(/\.js$/, ".THIRD-PARTY-NOTICES.txt");
  const notices = readFileSync(path.join(installed, file), "utf8");
  for (const name of ["zod", "ipaddr.js"]) expect(notices).toMatch(new RegExp(`^${name} \\d+\\.`, "m"));
});

it.each(["plan", "policy", "cost", "size", "diagrams", "doctor"])(
  "%s says how it is typed, without what the repository has",
  (name) => {
    const { status, stdout, stderr } = run([name, "--help"]);
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.startsWith(`npx session-store ${name} `)).toBe(true);
    expect(stdout).toContain("--json");
    expect(stdout).not.toMatch(/npm run|--settings|--write\b|--import-existing|--replace/);
  },
);

it.each(["plan", "policy", "cost", "diagrams"])("%s refuses a missing source in one line", (name) => {
  for (const args of [[], ["none.json"]]) {
    const { status, stdout, stderr } = run([name, ...args]);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^.*(got n|no such file).*\n$/);
  }
});

describe.each([
  { what: "a stack's folder", source: "stack" },
  { what: "its cdk.tf.json", source: "stack/cdk.tf.json" },
  { what: "a plan as JSON", source: "stack/plan.json" },
  { what: "a plan that is piped", source: "-" },
])("$what", ({ source }) => {
  const input = () => (source === "-" ? plan() : "");

  it("is looked at by policy, cost and diagrams", () => {
    const [found] = JSON.parse(run(["policy", source, "--json"], { input: input() }).stdout);
    expect(found.file).toBe(source);
    expect(found.findings.length).toBeGreaterThan(0);
    const [costs] = JSON.parse(run(["cost", source, "--json"], { input: input() }).stdout);
    expect(costs.lines).toContainEqual(
      expect.objectContaining({ what: "dashboard", amount: 1, usd: { "ap-northeast-1": 3, "us-east-1": 3 } }),
    );
    expect(run(["diagrams", source], { input: input() }).stdout).toMatch(/^flowchart LR\n/);
  });
});

it("plan reviews a plan as JSON, also with the lines of the terraform wrapper on GitHub", () => {
  const wrapped = `[command]/home/runner/work/_temp/1/terraform-bin show -json plan.out\n${plan().trim()}\n::debug::Terraform exited with code 0.\n`;
  for (const input of [plan(), wrapped]) {
    const { status, stdout } = run(["plan", "-"], { input });
    expect([status, stdout.split("\n")[0]]).toEqual([
      0,
      "plan: 2 created, 3 changed in place, 3 replaced, 1 destroyed",
    ]);
  }
  expect(run(["plan", "-"], { input: "[command]terraform-bin show\nError: no plan\n" }).stderr).toContain(
    "terraform_wrapper: false",
  );
  expect(JSON.parse(run(["plan", "stack/plan.json", "--json"]).stdout)).toMatchObject({
    stack: "session-ec2",
    counts: { create: 2, replace: 3 },
  });
});

it("settings prints those of a copy of this repository, each with its source, and takes a settings file", () => {
  const missing = run(["settings"]);
  expect([missing.status, missing.stderr]).toEqual([2, expect.stringMatching(/^cdktf\.json: got no such file, .*\n$/)]);
  cpSync(path.join(ROOT, "cdktf.json"), path.join(folder, "cdktf.json"));
  writeFileSync(path.join(folder, "prod.json"), JSON.stringify({ $schema: "x", redis: { replicas: 2 } }));
  const { status, stdout } = run(["settings", "session-ec2", "--settings", "prod.json"]);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^ {2}redis\.replicas +prod\.json +2$/m)]);
  expect(stdout).toMatch(/^ {2}redis\.auth +default +"iam"$/m);
  expect(stdout).not.toContain("lambda.");
  const all = JSON.parse(run(["settings", "--json"]).stdout);
  expect(all).toContainEqual({ key: "redis.replicas", value: 1, source: "cdktf.json" });
  expect(run(["settings", "session-ec9"])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^stack: got .*\n$/),
  });
});

it("inspect starts the app's own command", () => {
  const { status, stderr } = run(["inspect", "count"], { variables: { REDIS_URL: "redis://127.0.0.1:1" } });
  expect([status, stderr]).toEqual([2, expect.stringMatching(/^Redis at 127\.0\.0\.1:1: connect ECONNREFUSED/)]);
  expect(run(["inspect", "--help"]).stdout).toMatch(/^Usage: inspect /);
});

it("size answers for a number of users, and names an option that is missing", () => {
  const { best, choices } = JSON.parse(run(["size", "--users", "100000", "--requests", "500", "--json"]).stdout);
  expect(choices.map(({ nodeType }: { nodeType: string }) => nodeType)).toContain(best.nodeType);
  const missing = run(["size", "--users", "100000"]);
  expect([missing.status, missing.stderr]).toEqual([2, expect.stringMatching(/^--requests: got nothing, takes a num/)]);
});

it("doctor reads the state of a stack's folder, and asks AWS after what it names", () => {
  const state = path.join(folder, "terraform.tfstate");
  const resources = [{ mode: "managed", type: "aws_instance", name: "i", instances: [{ attributes: { id: "i-1" } }] }];
  writeFileSync(state, JSON.stringify({ version: 4, resources }));
  mkdirSync(path.join(folder, "deployed"));
  const backend = { local: { path: state } };
  const text = JSON.stringify({ terraform: { backend }, provider: { aws: [{ region: "us-east-1" }] }, resource: {} });
  writeFileSync(path.join(folder, "deployed", "cdk.tf.json"), text);
  const { status, stdout } = run(["doctor", "deployed"]);
  expect([status, stdout]).toEqual([
    1,
    expect.stringMatching(/ ok {7}state: .*terraform\.tfstate, with 1 resources\n/),
  ]);
  expect(run(["doctor", "none"])).toMatchObject({ status: 2, stderr: "none: no such file\n" });
});

it("doctor looks at the machine, and at no stack of a repository", () => {
  const sections = JSON.parse(run(["doctor", "--json"]).stdout);
  expect(JSON.stringify(sections)).toContain('"node"');
  expect(JSON.stringify(sections)).not.toContain("settings");
});

describeWith(["terraform"], "a program of one's own", () => {
  it("is planned in its folder, and its plan file is read", () => {
    const own = path.join(folder, "own");
    mkdirSync(own);
    writeFileSync(
      path.join(own, "main.tf.json"),
      JSON.stringify({ resource: { terraform_data: { a: { input: 1 } } } }),
    );
    const { status, stdout, stderr } = run(["plan", "own"]);
    expect([status, stdout.split("\n")[0]]).toEqual([0, "plan: 1 created"]);
    expect(stderr).toMatch(/terraform init: .* s\n.*terraform -chdir=own apply plan\.out\n/s);
    expect(run(["plan", "own/plan.out"]).stdout).toBe(stdout);
    expect(run(["policy", "own/plan.out"]).stdout).toMatch(/^own\/plan\.out: nothing found, /);
    expect(run(["policy", "own"])).toMatchObject({ status: 2, stderr: expect.stringContaining("without cdk.tf.json") });
  }, 60_000);
});
