import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout } from "../programs/checkout";
import { describeUnless, missing } from "../programs/require";
import { findMountObstacle, mountDisk } from "../programs/small-disk";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { findProviders, requiredProviders, terraformVariables } from "./provider";

const REGION = "ap-northeast-1";
const LONG_MS = 300_000;
const NODE = `"${process.execPath}"`;
const STATE = "terraform.session-ec2.tfstate";
const STACK = path.join("cdktf.out", "stacks", "session-ec2");
const DEPLOY = `${NODE} --require ./cli/typescript.cjs cli/deploy/main.ts deploy session-ec2 --auto-approve`;
const FILL = "head -c 1G /dev/zero > other-files 2>/dev/null";

const ref = (attribute: string) => ["${", attribute, "}"].join("");
/** A VPC; then a step that waits until the disk is full; then a subnet. */
const buildStack = (gate: string, isLarger: boolean) =>
  JSON.stringify({
    terraform: {
      required_providers: { aws: { source: "aws", version: "5.100.0" } },
      backend: { local: { path: `../../../${STATE}` } },
    },
    provider: { aws: [{ region: REGION }] },
    resource: {
      aws_vpc: { v: { cidr_block: "10.0.0.0/16" } },
      ...(isLarger && {
        terraform_data: {
          gate: {
            // The state has more text than the disk's last block.
            input: { vpc: ref("aws_vpc.v.id"), text: "x".repeat(40_000) },
            provisioner: [{ "local-exec": { command: `until [ -e ${gate} ]; do sleep 0.05; done` } }],
          },
        },
        aws_subnet: { s: { vpc_id: ref("terraform_data.gate.output.vpc"), cidr_block: "10.0.1.0/24" } },
      }),
    },
  });

const obstacle = missing(["unshare", "terraform", "moto_server", "aws"]) ?? findMountObstacle();

describeUnless(obstacle, "a deploy on a disk that is full", () => {
  const work = mkdtempSync(path.join(os.tmpdir(), "deploy-full-disk-"));
  const gate = path.join(work, "gate");
  const output = path.join(work, "output");
  let double: StrictAws;
  let environment: NodeJS.ProcessEnv;
  let repository: string;

  beforeAll(async () => {
    double = await startStrictAws({ region: REGION });
    repository = checkout(true);
    const probe = path.join(work, "probe");
    mkdirSync(probe);
    writeFileSync(path.join(probe, "cdk.tf.json"), buildStack(gate, true));
    const variables = terraformVariables(findProviders(requiredProviders(probe)), path.join(work, "terraform.rc"));
    // The provider is elsewhere, so that the disk can be small.
    environment = { ...double.environment, ...variables, TF_DATA_DIR: path.join(work, "data") };
  }, LONG_MS);
  afterAll(async () => {
    await double?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  const listVpcs = async (): Promise<unknown[]> =>
    (await double.aws("ec2", "describe-vpcs", "--filters", "Name=isDefault,Values=false")).Vpcs;

  /** Runs a script in a copy of the repository on a small disk of its own. @returns the exit code, and what the script printed. */
  async function runOnCopy(script: string) {
    const disk = mkdtempSync(path.join(work, "disk-"));
    const copy = `cp -a "${repository}/." "${disk}" && cd "${disk}" || exit 98`;
    const [command, args] = mountDisk(disk, 65_536, `${copy}\n${script}`);
    const child = spawn(command, args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const [code] = await once(child, "close");
    return { code, stdout, stderr };
  }

  it(
    "before it begins: names the disk, and applies nothing",
    async () => {
      const { code, stdout, stderr } = await runOnCopy(
        `${FILL}; ${DEPLOY}; code=$?; ls; find cdktf.out -type f 2>/dev/null; exit $code`,
      );
      expect([code, stderr.trim().split("\n").at(-1)]).toEqual([
        2,
        expect.stringMatching(
          /: the disk is full(, and no bundle was written)?: free space on it, and run the command again$/,
        ),
      ]);
      expect(stdout).not.toMatch(/tfstate|plan\.out|cdk\.tf\.json/);
      expect(await listVpcs()).toEqual([]);
    },
    LONG_MS,
  );

  it.each([
    ["the first apply, which leaves a part of the state", false],
    ["a later apply, which leaves the state before", true],
  ])(
    "in %s: the printed state is saved by the command that it names, and the next deploy goes on",
    async (_, isSecond) => {
      rmSync(gate, { force: true });
      const before = await listVpcs();
      const synthesized = path.join(work, "main.ts");
      const larger = path.join(work, "larger.json");
      const smaller = path.join(work, "smaller.json");
      writeFileSync(larger, buildStack(gate, true));
      writeFileSync(smaller, buildStack(gate, false));
      writeFileSync(
        synthesized,
        `const { cpSync } = require("node:fs");\ncpSync(process.env.SYNTHESIZED, "${STACK}/cdk.tf.json");\nprocess.stdout.write("${STACK}/cdk.tf.json\\n");\n`,
      );
      const first = isSecond ? `SYNTHESIZED="${smaller}" ${DEPLOY} >&2 || exit 97` : "";
      const { stdout, stderr, code } = await runOnCopy(`
        cp "${synthesized}" main.ts
        export SYNTHESIZED="${larger}"
        ${first}
        ${DEPLOY} >"${output}" 2>&1 & deploy=$!
        until grep -q "gate: Creating" "${output}" || ! kill -0 $deploy 2>/dev/null; do sleep 0.05; done
        ${FILL}; touch "${gate}"; wait $deploy; echo "deploy ended with $?"
        ls ${STACK}
        rm other-files
        ${DEPLOY} ; echo "refused with $?"
        ${NODE} -e 'const said = fs.readFileSync(process.argv[1], "utf8"); fs.writeFileSync("${STACK}/errored.tfstate", /^\\{$[^]*?^\\}$/m.exec(said)[0])' "${output}"
        save=$(${NODE} -e 'process.stdout.write(/then node -e "(.*?)"; deploy nothing before/.exec(fs.readFileSync(process.argv[1], "utf8"))[1])' "${output}")
        ${NODE} -e "$save" || exit 96
        ${DEPLOY}`);
      const said = readFileSync(output, "utf8");
      expect(said.trim().split("\n").at(-1)).toMatch(
        /^terraform apply failed after \d+ s: the state could not be saved, and Terraform printed it instead: free space on the disk, save /,
      );
      expect(stdout).toMatch(/^deploy ended with 1$/m);
      expect(stdout).not.toContain("plan.out");
      expect(stdout).toMatch(/^refused with 2$/m);
      expect(stderr).toMatch(/errored\.tfstate: the last apply could not save its state; got an empty file, /);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/session-ec2 is deployed/)]);
      // Nothing was created twice.
      expect((await listVpcs()).length - before.length).toBe(1);
    },
    LONG_MS,
  );
});
