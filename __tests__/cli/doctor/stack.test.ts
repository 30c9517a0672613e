import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { examineResources } from "../../../cli/doctor/stack";
import { DRIFT } from "../../../cli/doctor/stack/drift";
import { ENGINE } from "../../../cli/doctor/stack/engine";
import { QUESTIONS } from "../../../cli/doctor/stack/resources";
import type { Json } from "../../../cli/machine/aws-cli";
import { readState } from "../../../cli/terraform/state";
import type { SynthesizedStack } from "../../../cli/terraform/synthesize";
import { recordedPrograms } from "../../programs/recorded";

const folder = mkdtempSync(path.join(os.tmpdir(), "stack-"));
afterAll(() => rmSync(folder, { recursive: true }));

function withState(text: string): SynthesizedStack {
  writeFileSync(path.join(folder, "state"), text);
  const backend = { local: { path: "state" } };
  return { id: "session-ec2", folder, text: JSON.stringify({ terraform: { backend } }), warnings: [] };
}

describe("the doctor reads a stack's state", () => {
  it("for its outputs and resources", async () => {
    const state = await readState(
      withState(
        JSON.stringify({
          version: 4,
          outputs: { url: { value: "http://192.0.2.1:5000", type: "string" } },
          resources: [
            { mode: "data", type: "aws_ssm_parameter", instances: [{ attributes: { value: "ami-1" } }] },
            { mode: "managed", type: "aws_instance", instances: [{ attributes: { id: "i-1" } }] },
          ],
        }),
      ),
    );
    expect(state?.outputs).toEqual({ url: "http://192.0.2.1:5000" });
    expect([state?.all("aws_instance"), state?.all("aws_ssm_parameter")]).toEqual([[{ id: "i-1" }], []]);
  });

  it.each([
    ["no JSON", "{", /got no JSON \(1 characters\), takes a Terraform state; deploy nothing/],
    ["of another form", '{"version":3}', /got version 3, takes a state of 4; deploy nothing/],
  ])("and refuses one that is %s", async (_, text, says) => {
    await expect(readState(withState(text))).rejects.toThrow(says);
  });

  it("that is not there yet", async () => {
    expect(await readState({ ...withState("{}"), folder: path.join(folder, "elsewhere") })).toBeUndefined();
  });
});

describe("the doctor asks AWS after a stack's resources", () => {
  it("each by its id, and says what AWS refuses", async () => {
    const recorded = recordedPrograms({ aws: "echo 'An error occurred (AccessDenied)' >&2; exit 254" });
    const { PATH } = process.env;
    process.env.PATH = `${recorded.path}${path.delimiter}/bin`;
    try {
      const instances = ["i-1", "i-2"].map((id) => ({ attributes: { id } }));
      const resources = [{ mode: "managed", type: "aws_instance", instances }];
      const state = await readState(withState(JSON.stringify({ version: 4, resources })));
      const findings = state && (await examineResources("ap-northeast-1", state));
      expect(findings).toMatchObject([
        { check: "instance", status: "fail", says: "An error occurred (AccessDenied)" },
        { check: "instance", status: "fail" },
      ]);
      const calls = recorded.calls().map((call) => call.split(" --region")[0]);
      expect(calls.sort()).toEqual(["i-1", "i-2"].map((id) => `aws ec2 describe-instances --instance-ids ${id}`));
    } finally {
      process.env.PATH = PATH;
      recorded.remove();
    }
  });

  const group = (Status: string, nodes: number) => ({
    ReplicationGroups: [
      {
        ReplicationGroupId: "r",
        Status,
        MemberClusters: Array.from({ length: nodes }),
        AutomaticFailover: nodes > 1 ? "enabled" : "disabled",
      },
    ],
  });
  const target = (State: string) => ({ Target: { Id: "10.0.0.1" }, TargetHealth: { State } });
  const tasks = (runningCount: number, desiredCount = 2, status = "ACTIVE") => ({
    services: [{ serviceName: "s", status, runningCount, desiredCount }],
  });
  const wanted = { name: "s", cluster: "c", desired_count: 2 };
  const alarm = (StateValue: string) => ({ AlarmName: "a", AlarmDescription: "More: docs#alarm-a", StateValue });

  const rule = (SecurityGroupRuleId: string, end: Json, IsEgress = false) => ({
    ...{ SecurityGroupRuleId, GroupId: "sg-1", IsEgress, IpProtocol: "tcp", FromPort: 22, ToPort: 22 },
    ...end,
  });
  const rules = (...added: Json[]) => ({ SecurityGroupRules: [rule("sgr-1", { CidrIpv4: "10.0.0.0/16" }), ...added] });
  const waiting = { flag: "--replication-group-ids", id: "r" };
  const update = (ServiceUpdateName: string, ServiceUpdateSeverity: string, UpdateActionStatus = "not-applied") => ({
    ...{ ServiceUpdateName, ServiceUpdateSeverity, UpdateActionStatus },
    ServiceUpdateRecommendedApplyByDate: "2026-11-15T00:00:00+00:00",
  });
  const ids = { ids: ["sgr-1"] };
  const alarmed = { names: ["a"] };
  const role = (...known: string[]) => ({ role: "r", known });

  it.each<{ check: string; answer: Json; held?: Json; status: string; says: RegExp | string; next?: string }>([
    { check: "redis", answer: group("available", 2), status: "ok", says: "r is available, 2 nodes, failover enabled" },
    { check: "redis", answer: group("available", 1), status: "warn", says: /loss of all sessions$/ },
    { check: "redis", answer: group("modifying", 2), status: "warn", says: /modifying/ },
    { check: "redis", answer: group("create-failed", 2), status: "fail", says: /create-failed/ },
    {
      check: "redis version",
      answer: { CacheClusters: [{ Engine: "redis", EngineVersion: "7.1.0" }] },
      status: "ok",
      says: "redis 7.1 has no newer minor version",
    },
    {
      check: "redis version",
      answer: { CacheClusters: [{ Engine: "valkey", EngineVersion: "8.0.1" }] },
      status: "warn",
      says: "valkey 8.0: ElastiCache has 8.2",
    },
    {
      check: "redis version",
      answer: { CacheClusters: [{ Engine: "redis", EngineVersion: "5.0.6" }] },
      status: "warn",
      says: /^redis 5\.0: standard support ended on 2026-01-31; Extended Support costs more, until 2029-01-31,/,
    },
    {
      check: "newer versions",
      answer: { CacheEngineVersions: ["8.0", "8.1", "8.2", "9.1"].map((EngineVersion) => ({ EngineVersion })) },
      held: { engine: "valkey", version: "8.0" },
      status: "ok",
      says: "ElastiCache offers no valkey 8 that this project does not know",
    },
    {
      check: "newer versions",
      answer: { CacheEngineVersions: ["8.2", "8.10", "8.9"].map((EngineVersion) => ({ EngineVersion })) },
      held: { engine: "valkey", version: "8.0" },
      status: "warn",
      says: "ElastiCache offers valkey 8.9, 8.10",
      next: "redis.engine valkey-8.10: docs/upgrades.md",
    },
    {
      check: "service updates",
      answer: { UpdateActions: [update("done", "critical", "complete")] },
      held: waiting,
      status: "ok",
      says: "none waits on r",
    },
    {
      check: "service updates",
      answer: { UpdateActions: [update("later", "low"), update("now", "critical")] },
      held: waiting,
      status: "warn",
      says: "now (critical, not-applied, apply by 2026-11-15) on r, and 1 more",
      next:
        "aws elasticache batch-apply-update-action --replication-group-ids r --service-update-name now: " +
        "a node at a time, as a failover",
    },
    {
      check: "targets",
      answer: { TargetHealthDescriptions: [target("healthy")] },
      status: "ok",
      says: "1 of 1 healthy",
    },
    {
      check: "targets",
      answer: { TargetHealthDescriptions: [target("healthy"), target("draining")] },
      status: "warn",
      says: "1 of 2 healthy; 10.0.0.1: draining",
    },
    { check: "targets", answer: { TargetHealthDescriptions: [] }, status: "fail", says: /nothing is registered/ },
    { check: "service", answer: tasks(2), held: wanted, status: "ok", says: "s: 2 of 2 tasks run" },
    { check: "service", answer: tasks(1), held: wanted, status: "warn", says: /1 of 2/ },
    { check: "service", answer: tasks(0), held: wanted, status: "fail", says: /0 of 2 tasks run; no event/ },
    { check: "service", answer: { services: [] }, held: wanted, status: "fail", says: /^s: ECS does not know it/ },
    {
      check: "service",
      answer: tasks(0, 0, "INACTIVE"),
      held: wanted,
      status: "fail",
      says: "s: ECS says INACTIVE: it was deleted",
      next: "a deploy creates it again",
    },
    {
      check: "service",
      answer: tasks(0, 0),
      held: wanted,
      status: "fail",
      says: "s is set to 0 tasks: no visitor gets an answer",
      next: "aws ecs update-service --cluster c --service s --desired-count 2",
    },
    {
      check: "instance",
      answer: { Reservations: [{ Instances: [{ InstanceId: "i-1", State: { Name: "running" } }] }] },
      status: "ok",
      says: "i-1 is running",
    },
    {
      check: "instance",
      answer: { Reservations: [{ Instances: [{ InstanceId: "i-1", State: { Name: "stopped" } }] }] },
      status: "fail",
      says: /stopped/,
      next: "aws ec2 start-instances --instance-ids i-1",
    },
    { check: "instance", answer: { Reservations: [] }, status: "fail", says: "it is gone" },
    {
      check: "function",
      answer: { FunctionName: "f", State: "Active", LastUpdateStatus: "Successful" },
      status: "ok",
      says: /Active/,
    },
    {
      check: "function",
      answer: { FunctionName: "f", State: "Active", LastUpdateStatus: "InProgress" },
      status: "warn",
      says: /InProgress/,
    },
    { check: "function", answer: { FunctionName: "f", State: "Failed" }, status: "fail", says: /Failed/ },
    { check: "alarms", answer: { MetricAlarms: [alarm("OK")] }, held: alarmed, status: "ok", says: "none of 1 is on" },
    {
      check: "alarms",
      answer: { MetricAlarms: [alarm("OK"), alarm("ALARM")] },
      held: alarmed,
      status: "warn",
      says: "1 of 2 are on: a",
    },
    { check: "alarms", answer: { MetricAlarms: [] }, held: alarmed, status: "fail", says: "1 of 1 were deleted: a" },
    { check: "security group rules", answer: rules(), held: ids, status: "ok", says: "1, all of this stack" },
    {
      check: "security group rules",
      answer: rules(rule("sgr-2", { CidrIpv4: "10.9.0.0/16" }), rule("sgr-3", { CidrIpv4: "0.0.0.0/0" })),
      held: ids,
      status: "fail",
      says: "not of this stack: tcp 22 of sg-1 from 0.0.0.0/0, and 1 more",
      next: "aws ec2 revoke-security-group-ingress --group-id sg-1 --security-group-rule-ids sgr-3",
    },
    {
      check: "security group rules",
      answer: rules(rule("sgr-2", { CidrIpv6: "::/0", IpProtocol: "-1" })),
      held: ids,
      status: "fail",
      says: "not of this stack: all traffic of sg-1 from ::/0",
    },
    {
      check: "security group rules",
      answer: rules(rule("sgr-2", { CidrIpv4: "128.0.0.0/1" })),
      held: ids,
      status: "fail",
      says: "not of this stack: tcp 22 of sg-1 from 128.0.0.0/1",
    },
    {
      check: "security group rules",
      answer: rules(rule("sgr-2", { ReferencedGroupInfo: { GroupId: "sg-9" } }, true)),
      held: ids,
      status: "warn",
      says: "not of this stack: tcp 22 of sg-1 to sg-9",
      next: "aws ec2 revoke-security-group-egress --group-id sg-1 --security-group-rule-ids sgr-2",
    },
    {
      check: "security group rules",
      answer: { SecurityGroupRules: [] },
      held: ids,
      status: "fail",
      says: "1 of 1 were removed: sgr-1",
    },
    { check: "inline policies", answer: { PolicyNames: ["a"] }, held: role("a"), status: "ok", says: /^r has 1, all/ },
    { check: "inline policies", answer: { PolicyNames: [] }, held: role("a"), status: "fail", says: "r lost a" },
    {
      check: "inline policies",
      answer: { PolicyNames: ["a", "everything"] },
      held: role("a"),
      status: "fail",
      says: "r has everything, not of this stack",
      next: "aws iam delete-role-policy --role-name r --policy-name everything",
    },
    {
      check: "attached policies",
      answer: { AttachedPolicies: [{ PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess" }] },
      held: role(),
      status: "fail",
      says: /AdministratorAccess, not of this stack/,
      next: "aws iam detach-role-policy --role-name r --policy-arn arn:aws:iam::aws:policy/AdministratorAccess",
    },
  ])("and calls it $status: $check $says", ({ check, answer, held = {}, status, says, next }) => {
    const finding = [...QUESTIONS, ...ENGINE, ...DRIFT]
      .find((question) => question.check === check)
      ?.judge(answer, held);
    expect(finding).toMatchObject({ check, status });
    expect(finding?.says).toMatch(says);
    if (status === "ok") expect(finding).not.toHaveProperty("next");
    else expect(finding?.next).toEqual(next ?? expect.stringMatching(/./));
  });
});
