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
    expect(await checkIdentity(REGION)).toMatchObject({
      status: "fail",
      says: expect.stringMatching(/^none found for AWS \(.*\)$/),
      next: expect.stringMatching(/AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY$/),
    });
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
    const again = await examineAccount(REGION, [stack]);
    expect(again.filter(({ check }) => check.startsWith("quota"))).toEqual([]);
    expect(calls().slice(asked).join("\n")).not.toContain("quota");
  });
});

describe("the doctor asks what the region offers", () => {
  const zones = (...letters: string[]) =>
    says({ AvailabilityZones: letters.map((letter) => ({ ZoneName: REGION + letter, State: "available" })) });
  const versions = (...all: string[]) => says({ CacheEngineVersions: all.map((EngineVersion) => ({ EngineVersion })) });
  const sold = (count: number) => says({ ReservedCacheNodesOfferings: Array.from({ length: count }, () => ({})) });
  const instances = (...letters: string[]) =>
    says({ InstanceTypeOfferings: letters.map((letter) => ({ Location: REGION + letter })) });
  const offered = {
    "describe-availability-zones": zones("a", "c", "d"),
    "describe-cache-engine-versions": versions("6.2", "7.0", "7.1"),
    "describe-reserved-cache-nodes-offerings": sold(1),
    "describe-instance-type-offerings": instances("a", "c"),
  };

  it.each([
    {
      what: "all of it",
      answers: {},
      check: "node type cache.t4g.micro",
      status: "ok",
      text: `offered in ${REGION}: 0.50 GiB, 2 vCPUs, 0.064 Gbps (bursts to 5), 20,000 connections a node`,
    },
    {
      what: "no type of node",
      answers: { "describe-reserved-cache-nodes-offerings": sold(0) },
      check: "node type cache.t4g.micro",
      status: "warn",
      text: /^AWS sells no reservation for it in ap-northeast-1, so it may not be offered there: 0\.50 GiB/,
    },
    {
      what: "a zone less",
      answers: { "describe-availability-zones": zones("a", "d") },
      check: "availability zones",
      status: "fail",
      text: "ap-northeast-1c is not offered; ap-northeast-1 has ap-northeast-1a, ap-northeast-1d",
    },
    {
      what: "an engine no more",
      answers: { "describe-cache-engine-versions": versions("6.2", "7.0") },
      check: "engine redis 7.1",
      status: "fail",
      text: "ElastiCache does not offer it in ap-northeast-1, but 6.2, 7.0",
    },
    {
      what: "a newer minor version of the engine",
      answers: { "describe-cache-engine-versions": versions("7.0", "7.1", "7.10", "8.0") },
      check: "engine redis 7.1",
      status: "ok",
      text: "offered in ap-northeast-1; its newest minor version is 7.10",
    },
    {
      what: "instances in another zone alone",
      answers: { "describe-instance-type-offerings": instances("c") },
      check: "instance type t4g.small",
      status: "fail",
      text: "not offered in ap-northeast-1a; offered in ap-northeast-1c",
    },
    {
      what: "nothing, without permission to ask",
      answers: { "describe-instance-type-offerings": fails("AccessDenied") },
      check: "instance type t4g.small",
      status: "skipped",
      text: "AccessDenied",
    },
  ])("$what", async ({ answers, check, status, text }) => {
    withAws({ ...offered, ...answers });
    const findings = await examineAccount(REGION, stacks({}, "session-ec2"));
    const finding = findings.find((one) => one.check === check);
    expect(finding).toMatchObject({ status });
    expect(finding?.says).toMatch(text);
  });

  it.each([
    {
      what: "no reservation",
      lambda: {},
      limit: [10, 10],
      status: "ok",
      text: /the account allows 10: no reservation/,
    },
    {
      what: "no reservation beside a large limit",
      lambda: {},
      limit: [20_000, 20_000],
      status: "warn",
      text: "cache.t4g.micro has connections for 16000 at once, and the account allows 20000",
    },
    { what: "one that fits", lambda: { reservedConcurrency: 50 }, limit: [1000, 1000], status: "ok", text: /50 are/ },
    {
      what: "one that a new account has no room for",
      lambda: { reservedConcurrency: 5 },
      limit: [10, 10],
      status: "fail",
      text: "5 to be reserved of 10: Lambda keeps 100 for functions without a reservation",
    },
  ])("a function's runs at once: $what", async ({ lambda, limit: [all, unreserved], status, text }) => {
    const AccountLimit = { ConcurrentExecutions: all, UnreservedConcurrentExecutions: unreserved };
    withAws({ ...offered, "get-account-settings": says({ AccountLimit }) });
    const findings = await examineAccount(REGION, stacks({ lambda }, "session-lambda"));
    const finding = findings.find(({ check }) => check === "concurrency of session-lambda-web-app");
    expect(finding).toMatchObject({ status });
    expect(finding?.says).toMatch(text);
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
