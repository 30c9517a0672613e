import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkIdentity, examineAccount } from "../../cli/doctor/account";
import { examineResources } from "../../cli/doctor/stack";
import { readState } from "../../cli/terraform/state";
import type { SynthesizedStack } from "../../cli/terraform/synthesize";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";

const REGION = "ap-northeast-1";
const own = { ...process.env };

describeWith(["aws", "moto_server"], "the doctor at a local AWS, by the real AWS CLI", () => {
  let aws: StrictAws;
  const folder = mkdtempSync(path.join(os.tmpdir(), "doctor-"));
  /** As much of a stack as is asked after: moto knows the quotas of VPCs alone. */
  const buildStack = (resource: object): SynthesizedStack => {
    const s3 = { bucket: "our-states", key: "session/session-ec2.tfstate", region: REGION };
    const text = JSON.stringify({ terraform: { backend: { s3 } }, resource });
    return { id: "session-ec2", text, folder, warnings: [] };
  };
  beforeAll(async () => {
    aws = await startStrictAws({ region: REGION });
    process.env = { ...aws.environment };
  }, 300_000);
  afterAll(async () => {
    process.env = own;
    rmSync(folder, { recursive: true });
    await aws.stop();
  });

  it("knows who it is", async () => {
    expect(await checkIdentity(REGION)).toMatchObject({
      status: "ok",
      says: expect.stringMatching(/^account 123456789012 as arn:aws:.*, region ap-northeast-1$/),
    });
  });

  it("finds the state bucket that is missing, without versions, and with them", async () => {
    const bucket = async () => (await examineAccount(REGION, [buildStack({})])).map(({ status }) => status);
    expect(await bucket()).toEqual(["fail"]);
    const location = `LocationConstraint=${REGION}`;
    await aws.aws("s3api", "create-bucket", "--bucket", "our-states", "--create-bucket-configuration", location);
    expect(await bucket()).toEqual(["warn"]);
    const versions = ["--versioning-configuration", "Status=Enabled"];
    await aws.aws("s3api", "put-bucket-versioning", "--bucket", "our-states", ...versions);
    expect(await bucket()).toEqual(["ok"]);
  }, 180_000);

  it("counts VPCs against the account's quota", async () => {
    const findings = await examineAccount(REGION, [buildStack({ aws_vpc: { vpc: {} } })]);
    const quota = findings.find(({ check }) => check === "quota of VPCs");
    expect(quota).toEqual({ check: "quota of VPCs", status: "ok", says: "takes 1 beside 1, 5 in ap-northeast-1" });
  }, 180_000);

  it("asks what the region offers, and how many runs at once the cache carries", async () => {
    const findings = await examineAccount(REGION, [
      buildStack({
        aws_subnet: { a: { availability_zone: `${REGION}a` }, b: { availability_zone: `${REGION}b` } },
        aws_instance: { web: { instance_type: "t4g.small" } },
        aws_elasticache_replication_group: {
          new: { engine: "valkey", engine_version: "9.1", node_type: "cache.r8g.large" },
          old: { engine: "redis", engine_version: "6.2", node_type: "cache.t2.micro" },
          unknown: { engine: "valkey", engine_version: "9.7", node_type: "cache.r8g.large" },
        },
        aws_lambda_function: { app: { function_name: "app", environment: { variables: { REDIS_URL: "rediss://r" } } } },
      }),
    ]);
    const all = new Map(findings.map(({ check, status, says }) => [check, `${status} ${says}`]));
    expect(all.get("availability zones")).toBe(
      "fail ap-northeast-1b is not offered; ap-northeast-1 has ap-northeast-1a, ap-northeast-1c, ap-northeast-1d",
    );
    expect(all.get("engine valkey 9.1")).toBe("ok offered in ap-northeast-1");
    expect(all.get("engine redis 6.2")).toMatch(/^warn standard support end(s|ed) on 2027-01-31; /);
    expect(all.get("engine valkey 9.7")).toBe(
      "fail ElastiCache does not offer it in ap-northeast-1, but 7.2, 8.0, 8.1, 8.2, 9.0, 9.1",
    );
    expect(all.get("node type cache.r8g.large")).toMatch(/^ok offered in ap-northeast-1: 14\.18 GiB, 2 vCPUs, /);
    expect(all.get("node type cache.t2.micro")).toMatch(/^warn AWS sells no reservation for it in ap-northeast-1/);
    expect(all.get("instance type t4g.small")).toMatch(/^ok offered in ap-northeast-1a, /);
    expect(all.get("concurrency of app")).toBe(
      "ok cache.r8g.large has connections for 52000 at once, the account allows 1000: no reservation is needed",
    );
  }, 180_000);

  it("names the service updates that wait on a cache, and the command that applies them", async () => {
    const group = "--replication-group-id waiting --replication-group-description d --num-cache-clusters 1".split(" ");
    const node = "--engine redis --engine-version 7.0 --cache-node-type cache.t4g.micro".split(" ");
    await aws.aws("elasticache", "create-replication-group", ...group, ...node);
    const attributes = { replication_group_id: "waiting", engine: "redis", engine_version: "7.0" };
    const resources = [{ mode: "managed", type: "aws_elasticache_replication_group", instances: [{ attributes }] }];
    writeFileSync(path.join(folder, "state"), JSON.stringify({ version: 4, resources }));
    const text = JSON.stringify({ terraform: { backend: { local: { path: "state" } } } });
    const state = await readState({ text, folder });
    const find = async (check: string) => {
      const findings = state === undefined ? [] : await examineResources(REGION, state);
      return findings.find((finding) => finding.check === check);
    };
    const waiting = await find("service updates");
    expect(waiting).toMatchObject({
      status: "warn",
      says: "elasticache-redis-7-0-security-20261015 (important, not-applied, apply by 2026-11-15) on waiting",
    });
    const [command = ""] = waiting?.next?.split(": ") ?? [];
    await aws.aws(...command.split(" ").slice(1));
    expect(await find("service updates")).toMatchObject({ status: "ok", says: "none waits on waiting" });
    expect(await find("newer versions")).toMatchObject({ status: "ok" });
  }, 180_000);

  it("reads the state in S3, there or not, and asks after what it names", async () => {
    expect(await readState(buildStack({}))).toBeUndefined();
    const { Vpc } = await aws.aws("ec2", "create-vpc", "--cidr-block", "10.0.0.0/16");
    const group = ["--name", "t", "--protocol", "HTTP", "--port", "80", "--vpc-id", Vpc.VpcId];
    const { TargetGroups } = await aws.aws("elbv2", "create-target-group", ...group);
    const resource = (type: string, attributes: object) => ({ mode: "managed", type, instances: [{ attributes }] });
    const state = JSON.stringify({
      version: 4,
      outputs: { url: { value: "http://192.0.2.1:5000" } },
      resources: [
        resource("aws_lb_target_group", { arn: TargetGroups[0].TargetGroupArn }),
        resource("aws_elasticache_replication_group", { replication_group_id: "gone" }),
      ],
    });
    const file = path.join(folder, "state");
    writeFileSync(file, state);
    const object = ["--bucket", "our-states", "--key", "session/session-ec2.tfstate", "--body", file];
    await aws.aws("s3api", "put-object", ...object);
    const read = await readState(buildStack({}));
    expect(read?.outputs).toEqual({ url: "http://192.0.2.1:5000" });
    const findings = read && (await examineResources(REGION, read));
    expect(findings).toMatchObject([
      { check: "redis", status: "fail", says: expect.stringContaining("gone") },
      { check: "targets", status: "fail", says: "0 of 0 healthy; nothing is registered" },
      { check: "service updates", status: "ok", says: "none waits on gone" },
    ]);
  }, 180_000);

  it("sees rules and policies that were added beside Terraform, and names the command that takes each away", async () => {
    const { Vpc } = await aws.aws("ec2", "create-vpc", "--cidr-block", "10.1.0.0/16");
    const group = ["--group-name", "web", "--description", "web", "--vpc-id", Vpc.VpcId];
    const { GroupId } = await aws.aws("ec2", "create-security-group", ...group);
    const { SecurityGroupRules: own } = await aws.aws(
      "ec2",
      "describe-security-group-rules",
      "--filters",
      `Name=group-id,Values=${GroupId}`,
    );
    const trust = JSON.stringify({ Version: "2012-10-17", Statement: [] });
    await aws.aws("iam", "create-role", "--role-name", "web", "--assume-role-policy-document", trust);
    const resource = (type: string, ...all: object[]) => ({
      ...{ mode: "managed", type },
      instances: all.map((attributes) => ({ attributes })),
    });
    const file = path.join(folder, "state");
    const rules = own.map(({ SecurityGroupRuleId }: { SecurityGroupRuleId: string }) => ({ id: SecurityGroupRuleId }));
    const resources = [
      resource("aws_security_group", { id: GroupId }),
      resource("aws_vpc_security_group_egress_rule", ...rules),
      resource("aws_iam_role", { name: "web" }),
    ];
    writeFileSync(file, JSON.stringify({ version: 4, resources }));
    const text = JSON.stringify({ terraform: { backend: { local: { path: "state" } } } });
    const state = await readState({ text, folder });
    const examine = async () => (state && (await examineResources(REGION, state))) ?? [];
    expect((await examine()).map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);

    const open = ["--group-id", GroupId, "--protocol", "tcp", "--port", "6379", "--cidr", "0.0.0.0/0"];
    await aws.aws("ec2", "authorize-security-group-ingress", ...open);
    const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
    const policy = ["--policy-name", "everything", "--policy-document", JSON.stringify(everything)];
    await aws.aws("iam", "put-role-policy", "--role-name", "web", ...policy);
    const findings = await examine();
    expect(findings.map(({ status, says }) => `${status} ${says}`)).toEqual([
      `fail not of this stack: tcp 6379 of ${GroupId} from 0.0.0.0/0`,
      "fail web has everything, not of this stack",
      "ok web has 0, all of this stack",
    ]);
    for (const { next = "" } of findings.filter(({ status }) => status === "fail")) {
      const [, ...args] = next.split(" ");
      await aws.aws(...args);
    }
    expect((await examine()).map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
  }, 180_000);
});
