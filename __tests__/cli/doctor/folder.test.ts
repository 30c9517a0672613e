import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { examineFolder } from "../../../cli/doctor/examine-folder";
import type { Finding } from "../../../cli/doctor/finding";
import { type Recorded, recordedPrograms } from "../../programs/recorded";

const own = { ...process.env };
const folder = mkdtempSync(path.join(os.tmpdir(), "shop-"));
const stack = path.join(folder, "cdktf.out", "stacks", "shop");
mkdirSync(stack, { recursive: true });
afterAll(() => rmSync(folder, { recursive: true }));

let programs: Recorded;
afterEach(() => {
  process.env = { ...own };
  programs.remove();
});

/** AWS' answers by the words of a call; it refuses every other call. */
function withAws(answers: Readonly<Record<string, object>>, terraform = "exit 9", refusal = "(NotFound)"): void {
  const identity = { "get-caller-identity": { Account: "123456789012", Arn: "arn:aws:iam::123456789012:user/u" } };
  const cases = Object.entries({ ...identity, ...answers })
    .map(([call, answer]) => `*${call}*) echo '${JSON.stringify(answer)}' ;;`)
    .join("\n");
  const aws = `case "$*" in\n${cases}\n*) echo '${refusal}' >&2; exit 254 ;;\nesac`;
  programs = recordedPrograms({ aws, terraform });
  const credentials = { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" };
  process.env = { PATH: `${programs.path}${path.delimiter}/bin`, HOME: folder, ...credentials };
}

/** A program's stack, as cdktf writes it. */
function writeStack(terraform: object, resource: object = {}, region = "eu-west-1"): void {
  const metadata = { "//": { metadata: { stackName: "shop" } } };
  const text = JSON.stringify({ ...metadata, provider: { aws: [{ region }] }, terraform, resource });
  writeFileSync(path.join(stack, "cdk.tf.json"), text);
}

const resource = (type: string, ...all: object[]) => ({
  ...{ mode: "managed", type, name: "r" },
  instances: all.map((attributes) => ({ attributes })),
});
const stateOf = (resources: readonly object[], outputs = {}) => JSON.stringify({ version: 4, outputs, resources });
const LOCAL = { backend: { local: { path: path.join(folder, "terraform.shop.tfstate") } } };

/** The findings, `status check: says` each. */
async function examine(source = stack): Promise<string[]> {
  const sections = await examineFolder(source, {});
  return sections
    .flatMap(({ findings }) => findings)
    .map(({ status, check, says }: Finding) => `${status} ${check}: ${says}`);
}

describe("the doctor of a program of one's own", () => {
  it("looks at the resources in its state by their types, each in its own region", async () => {
    withAws({
      "describe-replication-groups": {
        ReplicationGroups: [{ ReplicationGroupId: "carts", Status: "available", MemberClusters: ["a", "b"] }],
      },
      "describe-auto-scaling-groups": {
        AutoScalingGroups: [
          { DesiredCapacity: 2, Instances: [{ LifecycleState: "InService", HealthStatus: "Healthy" }] },
        ],
      },
      "describe-instances": { Reservations: [{ Instances: [{ InstanceId: "i-1", State: { Name: "stopped" } }] }] },
      "describe-cache-clusters": {
        CacheClusters: [{ CacheClusterStatus: "available", NumCacheNodes: 3, Engine: "memcached" }],
      },
    });
    writeStack(LOCAL, { aws_elasticache_replication_group: { r: {} } });
    const arn = "arn:aws:elasticache:ap-northeast-1:123456789012:replicationgroup:carts";
    const state = stateOf([
      resource("aws_elasticache_replication_group", { replication_group_id: "carts", engine_version: "7.1", arn }),
      ...["ap-northeast-1", "us-east-1"].map((region) =>
        resource("aws_cloudwatch_metric_alarm", {
          alarm_name: `cpu-${region}`,
          arn: `arn:aws:cloudwatch:${region}:123456789012:alarm:cpu`,
        }),
      ),
      resource("aws_autoscaling_group", { name: "web" }),
      resource("aws_instance", { id: "i-1", arn: "arn:aws:ec2:us-east-1:123456789012:instance/i-1" }),
      resource("aws_elasticache_cluster", { cluster_id: "pages" }),
    ]);
    writeFileSync(LOCAL.backend.local.path, state);
    const findings = await examine();
    expect(findings).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ok state: .*terraform\.shop\.tfstate, with 6 resources$/),
        "skipped output url: the stack has no output url",
        "ok completeness: the state has all 1 resources of the stack",
        "ok redis: carts is available, 2 nodes, failover unknown",
        "warn instances: web: 1 of 2 in service",
        "fail instance: i-1 is stopped",
        "ok cache cluster: pages is available, 3 nodes of memcached",
      ]),
    );
    const call = (words: string) => programs.calls().find((line) => line.includes(words));
    expect(call("describe-replication-groups")).toContain("--region ap-northeast-1");
    expect(call("describe-auto-scaling-groups")).toContain("--region eu-west-1");
    expect(call("describe-update-actions --replication-group-ids carts")).toContain("--region ap-northeast-1");
    expect(call("describe-cache-engine-versions --engine redis")).toContain("--region ap-northeast-1");
    for (const region of ["ap-northeast-1", "us-east-1"]) {
      expect(call(`describe-alarms --alarm-names cpu-${region} `)).toContain(`--region ${region}`);
    }
    expect(await examine(path.join(stack, "cdk.tf.json"))).toEqual(findings);
    const nexts = (await examineFolder(stack, {})).flatMap((section) => section.findings.map(({ next }) => next));
    expect(nexts).toContain("aws ec2 start-instances --region us-east-1 --instance-ids i-1");
  });

  it("knows rules that are written inside of a group, and policies inside of a role", async () => {
    const rule = (id: string, end: object, isEgress = false) => ({
      ...{
        SecurityGroupRuleId: id,
        GroupId: "sg-1",
        IsEgress: isEgress,
        IpProtocol: "tcp",
        FromPort: 443,
        ToPort: 443,
      },
      ...end,
    });
    const known = [
      rule("sgr-1", { CidrIpv4: "10.0.0.0/16" }),
      rule("sgr-2", { ReferencedGroupInfo: { GroupId: "sg-2" } }),
      rule("sgr-3", { CidrIpv4: "0.0.0.0/0", IpProtocol: "-1", FromPort: -1, ToPort: -1 }, true),
    ];
    const inline = {
      id: "sg-1",
      ingress: [
        { protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/16"], security_groups: ["sg-2"] },
      ],
      egress: [{ protocol: "-1", from_port: 0, to_port: 0, cidr_blocks: ["0.0.0.0/0"] }],
    };
    const ofRole = {
      "list-role-policies": { PolicyNames: ["own"] },
      "list-attached-role-policies": { AttachedPolicies: [] },
    };
    writeStack(LOCAL);
    const role = resource("aws_iam_role", { name: "web", inline_policy: [{ name: "own" }], managed_policy_arns: [] });
    writeFileSync(LOCAL.backend.local.path, stateOf([resource("aws_security_group", inline), role]));
    withAws({ "describe-security-group-rules": { SecurityGroupRules: known }, ...ofRole });
    const findings = await examine();
    expect(findings).toContain("ok security group rules: 3, all of this stack");
    expect(findings).toContain("ok inline policies: web has 1, all of this stack");

    const attached = {
      name: "web",
      inline_policy: [{ name: "own" }],
      managed_policy_arns: ["arn:aws:iam::aws:policy/P"],
    };
    const both = [resource("aws_iam_role", attached), resource("aws_iam_role_policy", { name: "own", role: "web" })];
    writeFileSync(LOCAL.backend.local.path, stateOf(both));
    const policies = { AttachedPolicies: [{ PolicyArn: "arn:aws:iam::aws:policy/P" }] };
    withAws({ "list-role-policies": { PolicyNames: ["own"] }, "list-attached-role-policies": policies });
    expect(await examine()).toContain("ok attached policies: web has 1, all of this stack");
    withAws({ ...ofRole });
    expect(await examine()).toContain("fail attached policies: web lost arn:aws:iam::aws:policy/P");
    writeFileSync(LOCAL.backend.local.path, stateOf([resource("aws_security_group", inline), role]));

    const added = [...known, rule("sgr-9", { CidrIpv4: "0.0.0.0/0" })];
    withAws({ "describe-security-group-rules": { SecurityGroupRules: added }, ...ofRole });
    const says = "not of this stack: tcp 443 of sg-1 from 0.0.0.0/0";
    expect(await examine()).toContain(`fail security group rules: ${says}`);
  });

  it("has Terraform read the state of other backends, in a folder that is initialized", async () => {
    const state = stateOf([resource("aws_elasticache_cluster", { cluster_id: "pages" })]);
    withAws({}, `[ "$1 $2" = "state pull" ] && echo '${state}'`);
    writeStack({ cloud: { organization: "shop" } });
    const before = await examine();
    expect(before.at(-1)).toMatch(/^fail state: its backend is cloud, and .* is not initialized: .* init$/);
    mkdirSync(path.join(stack, ".terraform"));
    expect(await examine()).toContain("ok state: the state in the backend cloud, with 1 resources");
    rmSync(path.join(stack, ".terraform"), { recursive: true });
  });

  it("says that a stack is not deployed, or that its state is lost", async () => {
    rmSync(LOCAL.backend.local.path, { force: true });
    writeStack(LOCAL, { aws_ecs_cluster: { c: { name: "web" } } });
    withAws({});
    expect((await examine()).at(-1)).toBe("fail state: empty: the stack is not deployed");
    withAws({ "describe-clusters": { clusters: [{ clusterName: "web", status: "ACTIVE" }] } });
    expect((await examine()).at(-1)).toMatch(/^fail state: the state .* has no resources, and AWS has .* \(web\): /);

    writeStack({ cloud: { organization: "shop" } }, { aws_ecs_cluster: { c: { name: "web" } } });
    mkdirSync(path.join(stack, ".terraform"));
    withAws({ "describe-clusters": { clusters: [{ clusterName: "web", status: "ACTIVE" }] } }, "exit 0");
    expect((await examine()).at(-1)).toMatch(
      /^fail state: the state in the backend cloud has no resources, and AWS has /,
    );
    rmSync(path.join(stack, ".terraform"), { recursive: true });
  });

  it("names the command that saves the state of an apply on a full disk, over a part of it", async () => {
    withAws({});
    writeStack(LOCAL);
    const saved = stateOf([resource("aws_sns_topic", {})]);
    writeFileSync(LOCAL.backend.local.path, saved.slice(0, 30));
    const errored = path.join(stack, "errored.tfstate");
    writeFileSync(errored, saved.slice(0, 40));
    expect((await examine()).at(-1)).toMatch(
      /^fail state: \S+errored\.tfstate: the last apply could not save its state; got no JSON \(40 characters\), /,
    );
    writeFileSync(errored, saved);
    const [{ next = "" } = {}] = (await examineFolder(stack, {})).flatMap(({ findings }) =>
      findings.filter(({ check }) => check === "state"),
    );
    const [, save = ""] = /^deploy nothing from it; node -e "(.*)"$/.exec(next) ?? [];
    execFileSync(process.execPath, ["-e", save]);
    expect([await examine(), existsSync(errored)]).toEqual([
      expect.arrayContaining([expect.stringMatching(/^ok state: .*terraform\.shop\.tfstate, with 1 resources$/)]),
      false,
    ]);
  });

  it("advises no deploy where AWS does not say whether the stack is there", async () => {
    rmSync(LOCAL.backend.local.path, { force: true });
    writeStack(LOCAL, { aws_ecs_cluster: { c: { name: "web" } } });
    withAws({}, "exit 9", "An error occurred (AccessDeniedException) when calling the DescribeClusters operation: no");
    expect((await examine()).at(-1)).toMatch(
      /^fail state: empty, and AWS did not say whether the stack is there: .*AccessDenied/,
    );
  });

  it("asks Terraform for the state of the workspace that TF_WORKSPACE names", async () => {
    writeStack(LOCAL);
    withAws({}, `echo '${stateOf([resource("aws_sns_topic", {})])}'`);
    process.env.TF_WORKSPACE = "staging";
    mkdirSync(path.join(stack, ".terraform"));
    expect(await examine()).toContain("ok state: the state in the backend local, with 1 resources");
    rmSync(path.join(stack, ".terraform"), { recursive: true });
  });

  it("takes a region that is a variable from the environment", async () => {
    withAws({});
    writeStack(LOCAL, {}, `\${var.region}`);
    expect((await examine()).at(-1)).toMatch(/^skipped region: /);
    process.env.AWS_REGION = "us-east-1";
    expect((await examine()).join()).toContain("region us-east-1");
  });

  it("refuses a plan, and a folder without a stack", async () => {
    withAws({});
    writeFileSync(path.join(folder, "plan.json"), JSON.stringify({ planned_values: {}, configuration: {} }));
    await expect(examineFolder(path.join(folder, "plan.json"), {})).rejects.toThrow(
      /got a plan, takes a stack's folder/,
    );
    await expect(examineFolder(folder, {})).rejects.toThrow(/cdk\.tf\.json: no such file$/);
  });
});
