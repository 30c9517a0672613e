import path from "node:path";
import { adviseStack } from "../../../cli/doctor/advice";
import { examineCompleteness, examineTainted } from "../../../cli/doctor/stack";
import { parseState } from "../../../stacks/state-file";
import { type Recorded, recordedPrograms } from "../../programs/recorded";

const ADVICE = adviseStack("session-ec2");
const { PATH } = process.env;
let programs: Recorded;
afterEach(() => {
  process.env.PATH = PATH;
  programs.remove();
});

function withAws(script: string): void {
  programs = recordedPrograms({ aws: script });
  process.env.PATH = `${programs.path}${path.delimiter}/bin`;
}

function build(type: string, status?: string) {
  const instances = [{ ...(status && { status }), attributes: { id: "one" } }];
  const text = JSON.stringify({ version: 4, resources: [{ mode: "managed", type, name: "r", instances }] });
  return { from: "state", ...parseState(text) };
}

describe("a resource whose creation was interrupted", () => {
  const REPLACED = "its creation was interrupted or failed, and the next deploy destroys it and creates another";
  const CACHE = "aws_elasticache_replication_group";
  const untaint = (type: string) => `terraform -chdir=stack untaint '${type}.r' keeps it`;

  it.each<[what: string, type: string, aws: string, says: string, next: string]>([
    [
      "that AWS has finished is kept",
      CACHE,
      `echo '{"ReplicationGroups":[{"Status":"available"}]}'`,
      "; AWS has finished it (available)",
      untaint(CACHE),
    ],
    [
      "that AWS is at work on is waited for",
      CACHE,
      `echo '{"ReplicationGroups":[{"Status":"creating"}]}'`,
      "; AWS says creating",
      "wait, then ask the doctor again; when AWS has failed to create it, deploy",
    ],
    [
      "that AWS has finished is kept, a serverless cache too",
      "aws_elasticache_serverless_cache",
      `echo '{"ServerlessCaches":[{"Status":"available"}]}'`,
      "; AWS has finished it (available)",
      untaint("aws_elasticache_serverless_cache"),
    ],
    [
      "that AWS is not asked about",
      CACHE,
      "echo 'An error occurred (AccessDenied)' >&2; exit 254",
      "; AWS was not asked: An error occurred (AccessDenied)",
      `if it is whole, ${untaint(CACHE)}`,
    ],
    ["of another type", "aws_vpc", "exit 9", "", `look at it at AWS; if it is whole, ${untaint("aws_vpc")}`],
  ])("%s", async (_, type, aws, says, next) => {
    withAws(aws);
    const findings = await examineTainted("ap-northeast-1", build(type, "tainted"), "stack");
    expect(findings).toEqual([{ check: "tainted", status: "fail", says: `${type}.r: ${REPLACED}${says}`, next }]);
  });

  it("is none where Terraform ended", async () => {
    withAws("exit 9");
    expect(await examineTainted("ap-northeast-1", build(CACHE), "stack")).toEqual([]);
  });
});

describe("a state that lacks resources of its stack", () => {
  const resource = { aws_vpc: { r: {} }, aws_ecs_cluster: { c: { name: "web" } }, aws_sns_topic: { t: {} } };
  const stack = { id: "session-ec2", folder: ".", text: JSON.stringify({ resource }), warnings: [] };

  it("has a serverless cache at AWS by its name", async () => {
    const cache = { aws_elasticache_serverless_cache: { s: { name: "sessions" } } };
    withAws(`case "$*" in *"--serverless-cache-name sessions"*) echo '{}' ;; *) exit 9 ;; esac`);
    const text = JSON.stringify({ resource: cache });
    const findings = await examineCompleteness({ ...stack, text }, build("aws_vpc"), ADVICE);
    expect(findings).toContainEqual({
      check: "orphan",
      status: "fail",
      says: expect.stringContaining("aws_elasticache_serverless_cache.s is at AWS as sessions"),
      next: expect.stringContaining("aws elasticache delete-serverless-cache --serverless-cache-name sessions"),
    });
  });

  it("is half deployed, and what AWS has of it is an orphan", async () => {
    withAws(`echo '{"clusters":[{"clusterName":"web","status":"ACTIVE"}]}'`);
    expect(await examineCompleteness(stack, build("aws_vpc"), ADVICE)).toEqual([
      {
        check: "completeness",
        status: "warn",
        says: "half deployed, or the settings have changed since: lacks aws_ecs_cluster.c, aws_sns_topic.t",
        next: "npm run plan -- session-ec2",
      },
      {
        check: "orphan",
        status: "fail",
        says: expect.stringMatching(/^aws_ecs_cluster\.c is at AWS as web, and not in the state: /),
        next: expect.stringMatching(/^npm run deploy -- session-ec2 --import-existing .*: aws ecs delete-cluster /),
      },
    ]);
  });

  it.each([
    [
      "a deleted cluster, which ECS goes on describing",
      `echo '{"clusters":[{"clusterName":"web","status":"INACTIVE"}]}'`,
    ],
    ["a refusal that says that there is none", "echo '(ClusterNotFoundException)' >&2; exit 254"],
  ])("has no orphan: %s", async (_, script) => {
    withAws(script);
    expect((await examineCompleteness(stack, build("aws_vpc"), ADVICE)).map(({ check }) => check)).toEqual([
      "completeness",
    ]);
  });

  it("is said to be unknown to AWS where AWS can't be asked", async () => {
    withAws("echo '(AccessDenied)' >&2; exit 254");
    expect(await examineCompleteness(stack, build("aws_vpc"), ADVICE)).toContainEqual(
      expect.objectContaining({ check: "orphan", status: "fail", says: "(AccessDenied)" }),
    );
  });
});
