import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkIdentity, examineAccount } from "../../../cli/doctor/account";
import type { SynthesizedStack } from "../../../cli/terraform/synthesize";
import { recordedPrograms } from "../../programs/recorded";
import { synthesizeProgram } from "../../synthesized/program";

const REGION = "ap-northeast-1";
const own = { ...process.env };
const cleanUp: (() => void)[] = [];
beforeEach(() => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "hush" });
});
afterEach(() => {
  process.env = { ...own };
  for (const clean of cleanUp.splice(0)) clean();
});

/** An AWS CLI that answers by what it is called with; everything else is an error. */
function withAws(answers: Readonly<Record<string, string>>): () => string[] {
  const cases = Object.entries(answers).map(([call, answer]) => `*"${call}"*) ${answer} ;;`);
  const recorded = recordedPrograms({
    aws: `case "$*" in ${cases.join(" ")} *) echo "AccessDenied: $*" >&2; exit 254 ;; esac`,
  });
  cleanUp.push(recorded.remove);
  process.env.PATH = `${recorded.path}${path.delimiter}/bin${path.delimiter}/usr/bin`;
  return recorded.calls;
}
const says = (json: unknown) => `echo '${JSON.stringify(json)}'`;
const quota = (Value: number) => says({ Quota: { Value } });
const fails = (text: string) => `echo '${text}' >&2; exit 254`;

function stacks(context: object, ...ids: string[]): SynthesizedStack[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), "account-"));
  cleanUp.push(() => rmSync(folder, { recursive: true }));
  return [...synthesizeProgram(context, ...ids)].map(([id, text]) => {
    const synthesized = JSON.parse(text);
    // In this folder, wherever the program was synthesized.
    if (synthesized.terraform.backend.local) synthesized.terraform.backend.local.path = `${id}.tfstate`;
    return { id, text: JSON.stringify(synthesized), folder, warnings: [] };
  });
}

describe("the doctor asks who one is", () => {
  it("and says account and region, never the secret", async () => {
    withAws({ "get-caller-identity": says({ Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/ann" }) });
    const finding = await checkIdentity(REGION);
    expect(finding).toMatchObject({
      status: "ok",
      says: "account 123456789012 as arn:aws:iam::123456789012:user/ann, region ap-northeast-1",
    });
    expect(JSON.stringify(finding)).not.toContain("hush");
  });

  it("and what to do when AWS refuses, without the CLI, and without credentials", async () => {
    withAws({ "get-caller-identity": fails("An error occurred (ExpiredToken): expired") });
    expect(await checkIdentity(REGION)).toMatchObject({
      status: "fail",
      says: expect.stringContaining("ExpiredToken"),
    });
    process.env.PATH = os.tmpdir();
    expect(await checkIdentity(REGION)).toMatchObject({
      status: "skipped",
      next: expect.stringContaining("install it"),
    });
    const none = path.join(os.tmpdir(), "none");
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    Object.assign(process.env, {
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: none,
      AWS_SHARED_CREDENTIALS_FILE: none,
    });
    expect(await checkIdentity(REGION)).toMatchObject({ status: "fail", next: expect.stringContaining("AWS_PROFILE") });
  });
});

describe("the doctor counts quotas", () => {
  const counted = {
    "describe-vpcs": says({ used: 4 }),
    "describe-cache-clusters": says({ used: null }),
    "describe-addresses": says({ used: 0 }),
    "--quota-code L-F678F1CE": quota(5),
    "get-service-quota --service-code elasticache": fails("An error occurred (NoSuchResourceException)"),
    "get-aws-default-service-quota --service-code elasticache": quota(300),
  };

  it("of what the stacks take, compared with the quota, or its default where it was never changed", async () => {
    withAws(counted);
    const findings = await examineAccount(REGION, stacks({}, "session-ec2"));
    expect(findings).toContainEqual({
      check: "quota of VPCs",
      status: "ok",
      says: "takes 1 beside 4, 5 in ap-northeast-1",
    });
    expect(findings).toContainEqual({
      check: "quota of ElastiCache nodes",
      status: "ok",
      says: "takes 2 beside 0, 300 in ap-northeast-1",
    });
    const [addresses] = findings.filter(({ check }) => check === "quota of elastic IPs");
    expect(addresses).toMatchObject({ status: "skipped", says: expect.stringContaining("AccessDenied") });
  });

  it("and fails with the request for more", async () => {
    withAws(counted);
    const findings = await examineAccount(REGION, stacks({}, "session-ec2", "session-ecs"));
    expect(findings.find(({ check }) => check === "quota of VPCs")).toMatchObject({
      status: "fail",
      next: expect.stringMatching(/request-service-quota-increase .* --quota-code L-F678F1CE --desired-value 6$/),
    });
  });

  it.each([
    ["one instance", { instanceType: "t4g.small" }, "ok", "takes 2, 5 in ap-northeast-1"],
    ["a fleet as large as it may be", { fleet: { http: true } }, "fail", "takes 8, 5 in ap-northeast-1"],
    ["a fleet that is refreshed", { fleet: { http: true, maxInstances: 2 } }, "fail", "takes 8, 5 in ap-northeast-1"],
    ["instances of another quota", { instanceType: "g5.xlarge" }, undefined, undefined],
  ])("counts the vCPUs of %s", async (_, ec2, status, says) => {
    withAws({ ...counted, "--quota-code L-1216C47A": quota(5) });
    const allowedCidrs = ["0.0.0.0/0"];
    const findings = await examineAccount(REGION, stacks({ ec2: { allowedCidrs, ...ec2 } }, "session-ec2"));
    const found = findings.find(({ check }) => check === "quota of vCPUs of EC2 instances");
    expect([found?.status, found?.says]).toEqual([status, says]);
  });

  it("leaves out stacks that are deployed, and counts shards and tasks as they will be", async () => {
    const calls = withAws({ ...counted, "--service-code fargate": quota(6) });
    const [stack] = stacks({ redis: { shards: 3, replicas: 2 } }, "session-ecs") as [SynthesizedStack];
    const nodes = (await examineAccount(REGION, [stack])).find(({ check }) => check === "quota of ElastiCache nodes");
    expect(nodes?.says).toBe("takes 9 beside 0, 300 in ap-northeast-1");
    const cpus = (await examineAccount(REGION, [stack])).find(({ check }) => check === "quota of vCPUs on Fargate");
    expect(cpus?.says).toBe("takes 4, 6 in ap-northeast-1");
    const resources = [{ mode: "managed", type: "aws_vpc", instances: [] }];
    writeFileSync(path.join(stack.folder, "session-ecs.tfstate"), JSON.stringify({ version: 4, resources }));
    const asked = calls().length;
    expect(await examineAccount(REGION, [stack])).toEqual([]);
    expect(calls()).toHaveLength(asked);
  });
});

describe("the doctor looks for the state bucket", () => {
  it.each([
    { what: "with versions", versioning: says({ Status: "Enabled" }), status: "ok" },
    { what: "without versions", versioning: "true", status: "warn" },
    { what: "of another account", versioning: fails("An error occurred (403)"), status: "fail" },
  ])("$what", async ({ versioning, status }) => {
    withAws({ "head-bucket": "true", "get-bucket-versioning": versioning });
    const [bucket] = await examineAccount(REGION, stacks({ stateBucket: "our-states" }, "session-ec2"));
    expect(bucket).toMatchObject({ check: "state bucket", status, says: expect.stringContaining("our-states") });
  });
});
