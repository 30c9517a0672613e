import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout, checkoutSynthesized } from "../../programs/checkout";

const root = path.join(__dirname, "..", "..", "..");
const plans = path.join(__dirname, "plans");
const folder = mkdtempSync(path.join(os.tmpdir(), "plan-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CREDENTIALS = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };

function plan(args: readonly string[], { cwd = root, input = "", PATH = process.env.PATH ?? "", variables = {} } = {}) {
  const env = { ...process.env, ...CREDENTIALS, PATH, ...variables };
  const program = ["--require", "./cli/typescript.cjs", path.join("cli", "plan", "main.ts"), ...args];
  return spawnSync(process.execPath, program, { cwd, env, input, encoding: "utf8" });
}

describe("the command on a plan that is there", () => {
  const edits = path.join(plans, "edits.json");
  const names = ["--synthesized", path.join(plans, "edits.cdk.tf.json")];

  it("tells what it does and ends with 0", () => {
    const { stdout, status } = plan(["--file", edits, ...names]);
    expect(stdout).toMatch(/^session-ec2: 2 created, 3 changed in place, 3 replaced, 1 destroyed\n/);
    expect(status).toBe(0);
  });

  it("takes construct paths from the stack beside it", () => {
    cpSync(edits, path.join(folder, "plan.json"));
    cpSync(path.join(plans, "edits.cdk.tf.json"), path.join(folder, "cdk.tf.json"));
    expect(plan(["--file", path.join(folder, "plan.json")]).stdout).toContain(
      "opens tcp 22 (SSH) of web/security-group",
    );
  });

  it("reads standard input, and writes Markdown", () => {
    const { stdout } = plan(["--file", "-", "--markdown", ...names], { input: readFileSync(edits, "utf8") });
    expect(stdout).toMatch(/^### session-ec2: .*\n\n\*\*Loses sessions\*\*\n\n- redis\/replication-group /);
  });

  it.each([
    [["roles"], 0],
    [["roles", "ports"], 1],
    [["any"], 1],
  ])("with --fail-on %j ends with %d", (kinds, status) => {
    expect(plan(["--file", edits, "--fail-on", ...kinds]).status).toBe(status);
  });

  it.each([
    ["what is no plan", ["--file", "-"], '{"resource":{}}'],
    ["a file that is not there", ["--file", "no-such-file"], ""],
    ["nothing", [], ""],
  ])("refuses %s in one line and ends with 2", (_, args, input) => {
    const { stderr, stdout, status } = plan(args, { input });
    expect([stdout, status]).toEqual(["", 2]);
    expect(stderr).toMatch(/^.+\n$/);
  });

  it("refuses a kind of risk that is none, and ends with 2", () => {
    const { stderr, status } = plan(["--file", edits, "--fail-on", "weather"]);
    expect(stderr).toContain("sessions, ports, roles, interruptions, unjudged, any");
    expect(status).toBe(2);
  });
});

describe("the command on a stack", () => {
  let cwd: string;
  beforeAll(() => {
    cwd = checkoutSynthesized("session-ec2");
  });

  /** Writes down what it is called with, answers `show` with a plan, and fails at what it is told to. */
  function terraform(failsAt: string, name = "terraform"): string {
    const bin = mkdtempSync(path.join(folder, "bin-"));
    const script = `#!/bin/sh
echo "$(basename "$PWD") $*" >>'${bin}/called'
if [ "$1" = '${failsAt}' ]; then echo 'Error: no credentials' >&2; exit 1; fi
if [ "$1" = show ]; then cat '${path.join(plans, "edits.json")}'; else echo 'aws_vpc.x: Refreshing state... [secret]'; fi
`;
    writeFileSync(path.join(bin, name), script);
    // No resource of the stack is at this AWS.
    writeFileSync(path.join(bin, "aws"), "#!/bin/sh\necho '(NotFound)' >&2; exit 254\n");
    for (const program of [name, "aws"]) chmodSync(path.join(bin, program), 0o755);
    return bin;
  }
  const withTerraform = (bin: string) => ({ cwd, PATH: `${bin}${path.delimiter}${process.env.PATH}` });

  it("synthesizes it, has Terraform plan it, keeps the plan and says how to apply it", () => {
    const bin = terraform("never");
    const { stdout, stderr, status } = plan(["session-ec2"], { ...withTerraform(bin), cwd: checkout(true) });
    expect(readFileSync(path.join(bin, "called"), "utf8")).toBe(
      "session-ec2 init -input=false -no-color -reconfigure\n" +
        "session-ec2 plan -input=false -no-color -detailed-exitcode -out=plan.out\n" +
        "session-ec2 show -json plan.out\n",
    );
    expect(stdout).toMatch(/^session-ec2: 2 created, .*\n\nLOSES SESSIONS\n {2}redis\/replication-group /);
    expect(stderr).toMatch(/^synthesizing session-ec2 \.\.\.\n(?:.*\n)*terraform init \.\.\.\n/);
    expect(stderr).toContain("terraform -chdir=cdktf.out/stacks/session-ec2 apply plan.out");
    expect(stderr).not.toContain("secret");
    expect(status).toBe(0);
  });

  it.each([
    ["on PATH", "tofu", () => "tofu"],
    ["by its path", "terraform 1.11", (bin: string) => path.join(bin, "terraform 1.11")],
  ])("runs the program of TERRAFORM_BINARY_NAME in place of terraform: %s", (_where, program, nameIn) => {
    const [bin, other] = [terraform("never", program), terraform("never")];
    const name = nameIn(bin);
    const PATH = [bin, other, process.env.PATH].join(path.delimiter);
    const { stderr, status } = plan(["session-ec2"], { cwd, PATH, variables: { TERRAFORM_BINARY_NAME: name } });
    expect(readFileSync(path.join(bin, "called"), "utf8").match(/^session-ec2 (init|plan|show) /gm)).toHaveLength(3);
    expect(existsSync(path.join(other, "called"))).toBe(false);
    expect(stderr).toContain(`to apply this plan: ${name} -chdir=`);
    expect(status).toBe(0);
  });

  it("names the program of TERRAFORM_BINARY_NAME where it is missing, and how to install it", () => {
    const bin = terraform("never");
    const variables = { TERRAFORM_BINARY_NAME: "no-such-tofu" };
    const { stderr, status } = plan(["session-ec2"], { ...withTerraform(bin), variables });
    expect(stderr).toMatch(
      /^no-such-tofu: not found on PATH; to install it: https:\/\/developer\.hashicorp\.com\/\S+\n$/,
    );
    expect([status, existsSync(path.join(bin, "called"))]).toEqual([2, false]);
  });

  it("hands on what Terraform says when it fails, and ends with 2", () => {
    const { stdout, stderr, status } = plan(["session-ec2"], withTerraform(terraform("plan")));
    expect(stderr).toMatch(/Error: no credentials\nterraform plan failed\n$/);
    expect([stdout, status]).toEqual(["", 2]);
  });

  it.each([
    [
      "is broken, and names its backup",
      '{"version":4,',
      /: got no JSON \(13 characters\), .*\.backup, of .* has 1 resources; .*\n$/,
    ],
    [
      "is missing while AWS has the stack",
      "",
      /has no resources .*\.backup has 1\), and AWS has .*redis\/replication-group/,
    ],
  ])("does not plan from a state that %s", (_, text, says) => {
    const bin = terraform("never");
    writeFileSync(path.join(bin, "aws"), "#!/bin/sh\necho '{}'\n");
    const state = path.join(cwd, "terraform.session-ec2.tfstate");
    const backup = { version: 4, resources: [{ mode: "managed", type: "aws_vpc", name: "v" }] };
    writeFileSync(`${state}.backup`, JSON.stringify(backup));
    if (text !== "") writeFileSync(state, text);
    const { stdout, stderr, status } = plan(["session-ec2"], withTerraform(bin));
    for (const file of [state, `${state}.backup`]) rmSync(file, { force: true });
    expect(stderr).toMatch(says);
    expect([stdout, status, existsSync(path.join(bin, "called"))]).toEqual(["", 2, false]);
  });

  it("with --import-existing leaves no import blocks when terraform init fails", () => {
    const bin = terraform("init");
    const has = `case "$*" in *describe-replication-groups*) echo '{}' ;; *) echo '(NotFound)' >&2; exit 254 ;; esac`;
    writeFileSync(path.join(bin, "aws"), `#!/bin/sh\n${has}\n`);
    const { stderr, status } = plan(["session-ec2", "--import-existing"], withTerraform(bin));
    expect(stderr).toContain("redis/replication-group is at AWS as session-ec2-redis");
    expect(status).toBe(2);
    expect(existsSync(path.join(cwd, "cdktf.out", "stacks", "session-ec2", "import.tf.json"))).toBe(false);
  });

  it("with --import-existing has import blocks while the plan is made, and takes them away", () => {
    const bin = terraform("never");
    // The stack has no state, and a plan without --import-existing would stop.
    const has = `case "$*" in *describe-replication-groups*) echo '{}' ;; *) echo '(NotFound)' >&2; exit 254 ;; esac`;
    writeFileSync(path.join(bin, "aws"), `#!/bin/sh\n${has}\n`);
    writeFileSync(
      path.join(bin, "terraform"),
      readFileSync(path.join(bin, "terraform"), "utf8").replace(
        "#!/bin/sh\n",
        `#!/bin/sh\nif [ "$1" = plan ]; then cat import.tf.json >'${bin}/imports'; fi\n`,
      ),
    );
    const { stderr, status } = plan(["session-ec2", "--import-existing"], withTerraform(bin));
    expect(stderr).toContain("\nredis/replication-group is at AWS as session-ec2-redis: to be imported\n");
    expect(JSON.parse(readFileSync(path.join(bin, "imports"), "utf8"))).toEqual({
      import: [
        {
          to: expect.stringMatching(/^aws_elasticache_replication_group\.redis_replication-group_/),
          id: "session-ec2-redis",
        },
      ],
    });
    expect(existsSync(path.join(cwd, "cdktf.out", "stacks", "session-ec2", "import.tf.json"))).toBe(false);
    expect(status).toBe(0);
  });

  it("with --replace hands the address to Terraform, and refuses one that the state lacks", () => {
    const bin = terraform("never");
    const state = path.join(cwd, "terraform.session-ec2.tfstate");
    const resources = [{ mode: "managed", type: "aws_instance", name: "web", instances: [{ attributes: {} }] }];
    writeFileSync(state, JSON.stringify({ version: 4, resources }));
    writeFileSync(
      path.join(bin, "terraform"),
      readFileSync(path.join(bin, "terraform"), "utf8").replace(
        "#!/bin/sh\n",
        `#!/bin/sh\necho "$*" >>'${bin}/asked'\n`,
      ),
    );
    const known = plan(["session-ec2", "--replace", "aws_instance.web"], withTerraform(bin));
    const unknown = plan(["session-ec2", "--replace", "aws_instance.db"], withTerraform(bin));
    rmSync(state);
    expect([known.status, readFileSync(path.join(bin, "asked"), "utf8")]).toEqual([
      0,
      expect.stringMatching(/^plan .* -replace=aws_instance\.web -out=plan\.out$/m),
    ]);
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(
      /^--replace: got aws_instance\.db, takes the address of a resource in the state: terraform -chdir=\S+ state list shows them$/m,
    );
  });

  it("hands on what synthesis refuses, in one line", () => {
    const variables = { CDKTF_CONTEXT_JSON: '{"availabilityZones":["a"]}' };
    const { stderr, status } = plan(["session-ec2"], {
      ...withTerraform(terraform("never")),
      cwd: checkout(true),
      variables,
    });
    expect(stderr).toMatch(/^synthesizing session-ec2 \.\.\.\nredis\.replicas: .* Fix: .*\n$/);
    expect(status).toBe(2);
  });
});
