import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { examineResources } from "../../../cli/doctor/stack";
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
    ["no JSON", "{", /got no JSON .*, takes a Terraform state$/],
    ["of another form", '{"version":3}', /got version 3, takes a state of 4$/],
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
  const tasks = (runningCount: number) => ({ services: [{ serviceName: "s", runningCount, desiredCount: 2 }] });
  const alarm = (StateValue: string) => ({ AlarmName: "a", AlarmDescription: "More: docs#alarm-a", StateValue });

  it.each<{ check: string; answer: Json; status: string; says: RegExp | string }>([
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
    { check: "service", answer: tasks(2), status: "ok", says: "s: 2 of 2 tasks run" },
    { check: "service", answer: tasks(1), status: "warn", says: /1 of 2/ },
    { check: "service", answer: tasks(0), status: "fail", says: /0 of 2 tasks run; no event/ },
    { check: "service", answer: { services: [] }, status: "fail", says: /does not know/ },
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
    },
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
    { check: "alarms", answer: { MetricAlarms: [alarm("OK")] }, status: "ok", says: "none of 1 is on" },
    {
      check: "alarms",
      answer: { MetricAlarms: [alarm("OK"), alarm("ALARM")] },
      status: "warn",
      says: "1 of 2 are on: a",
    },
  ])("and calls it $status: $check $says", ({ check, answer, status, says }) => {
    const finding = QUESTIONS.find((question) => question.check === check)?.judge(answer);
    expect(finding).toMatchObject({ check, status });
    expect(finding?.says).toMatch(says);
    if (status === "ok") expect(finding).not.toHaveProperty("next");
    else expect(finding?.next).toBeTruthy();
  });
});
