import { authorizationFaults } from "../../cli/policy/authorization";
import type { Call } from "../calls";
import { VARIANTS } from "../variants";
import { findNeeds, type Need } from "./needs";
import { LONGEST, notAllowed, notNeeded, type Policy, policiesFor, readPolicies } from "./policy";

const STACK = "session-ec2";
const ROLE = "arn:aws:iam::123456789012:role/session-ec2-flow-log-2025";
const call = (signingName: string, operation: string, parameters: Call["parameters"], program = "terraform"): Call => ({
  ...{ time: 0, who: { accessKey: "test", program }, service: signingName, signingName, operation, parameters },
  ...{ status: 200, values: 0, findings: [] },
});
const CALLS: readonly Call[] = [
  call("sts", "GetCallerIdentity", {}),
  call("ec2", "CreateVpc", { CidrBlock: "10.0.0.0/16", TagSpecifications: [{ ResourceType: "vpc", Tags: [] }] }),
  call("ec2", "DeleteVpc", { VpcId: "vpc-0123456789abcdef0" }),
  call("ec2", "CreateFlowLogs", { ResourceIds: ["vpc-0123456789abcdef0"], DeliverLogsPermissionArn: ROLE }),
  call("elasticache", "CreateReplicationGroup", {
    ReplicationGroupId: "session-ec2-redis",
    CacheParameterGroupName: "session-ec2-redis-redis7",
    Tags: [{ Key: "Name", Value: "redis" }],
  }),
  call("s3", "DeleteObjects", { Bucket: "session-ec2-app-2025", Delete: {} }),
  call("iam", "AttachRolePolicy", {
    RoleName: "session-ec2-web-2025",
    PolicyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
  }),
  call("apigateway", "GetApi", { ApiId: "a1b2c3" }),
];
const named = (policies: readonly Policy[]) => new Map(policies.map((policy, n) => [`${n + 1}`, policy]));

describe("a deployer's policies", () => {
  let needs: readonly Need[];
  let policies: ReadonlyMap<string, Policy>;
  beforeAll(async () => {
    needs = await findNeeds(CALLS, STACK);
    policies = named(policiesFor(needs));
  });
  const without = (action: string) =>
    new Map(
      [...policies].map(([name, { Version, Statement }]) => {
        const left = Statement.map((one) => ({ ...one, Action: one.Action.filter((other) => other !== action) }));
        return [name, { Version, Statement: left.filter(({ Action }) => Action.length > 0) }];
      }),
    );

  it("allow what a run calls, by the names of its stack, and nothing else", async () => {
    expect(await notAllowed(needs, policies)).toEqual([]);
    expect(notNeeded(needs, policies)).toEqual([]);
    const statements = [...policies.values()].flatMap(({ Statement }) => Statement);
    const resources = (action: string) => statements.find(({ Action }) => Action.includes(action))?.Resource;
    expect(resources("elasticache:CreateReplicationGroup")).toEqual([
      "arn:aws:elasticache:ap-northeast-1:*:parametergroup:session-ec2-*",
      "arn:aws:elasticache:ap-northeast-1:*:replicationgroup:session-ec2-*",
    ]);
    expect(resources("ec2:DeleteVpc")).toEqual(["arn:aws:ec2:ap-northeast-1:*:vpc/*"]);
  });

  it.each([
    ["deletes", "ec2:DeleteVpc"],
    ["tags as it makes something", "ec2:CreateTags"],
    ["tags a cache", "elasticache:AddTagsToResource"],
    ["passes a role", "iam:PassRole"],
    ["makes a service-linked role", "iam:CreateServiceLinkedRole"],
    ["has logs delivered", "logs:CreateLogDelivery"],
    ["edits in place", "elasticache:ModifyReplicationGroup"],
    ["empties a bucket with versions", "s3:DeleteObjectVersion"],
    ["attaches a policy", "iam:AttachRolePolicy"],
  ])("are seen to lack what %s", async (_, action) => {
    expect(await notAllowed(needs, without(action))).toContainEqual(expect.stringContaining(`${action} on `));
  });

  it("let roles be passed to the services that take them on, and the policies be attached that are named", async () => {
    const other = (action: string, bounds: Need["bounds"]) =>
      needs.filter((need) => need.action === action).map((need) => ({ ...need, bounds }));
    const passed = other("iam:PassRole", { "iam:PassedToService": "lambda.amazonaws.com" });
    const attached = other("iam:AttachRolePolicy", { "iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess" });
    expect(await notAllowed([...passed, ...attached], policies)).toHaveLength(2);
  });

  it("are seen to allow what no run needs", () => {
    const more: Policy = {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: ["ec2:RunInstances"], Resource: ["*"] }],
    };
    expect(notNeeded(needs, new Map([...policies, ["more", more]]))).toEqual(["ec2:RunInstances"]);
  });

  it("are made of Terraform's calls alone", async () => {
    expect(await findNeeds([call("ec2", "DescribeVpcs", {}, "aws-cli")], STACK)).toEqual([]);
  });

  it("are not made of a call that IAM knows under no name here", async () => {
    await expect(findNeeds([call("ec2", "CreateNothing", {})], STACK)).rejects.toThrow("ec2:CreateNothing");
  });
});

/** AWS takes these on all alarms alone, where composite ones take part; the reference has the alarm as their resource too. */
const ON_ALL_ALARMS = ["cloudwatch:DescribeAlarms", "cloudwatch:PutCompositeAlarm"];

const STACKS = [...new Set(VARIANTS.map(({ stack }) => stack))].filter((stack) => readPolicies(stack).size > 0);

describe.each(STACKS)("docs/deployer for %s", (stack) => {
  it("fits into managed policies, as the service authorization reference has it", async () => {
    for (const [name, policy] of readPolicies(stack)) {
      const size = JSON.stringify(policy).length;
      const statements = policy.Statement.filter(({ Action }) => !Action.some((one) => one.startsWith("apigateway:")));
      const faults = await authorizationFaults(statements);
      const known = ON_ALL_ALARMS.map((action) => `${action}: allowed on *, takes alarm`);
      expect([name, size <= LONGEST, faults.filter((fault) => !known.includes(fault))]).toEqual([name, true, []]);
    }
  });

  it("is bound to the stack's own names, though an edit of its runs changes the name", () => {
    const text = JSON.stringify([...readPolicies(stack).values()]);
    for (const kind of [
      "cloudwatch:ap-northeast-1:*:alarm:",
      "iam::*:role/",
      "elasticache:ap-northeast-1:*:replicationgroup:",
    ]) {
      expect(text).toContain(`arn:aws:${kind}${stack}-*`);
      expect(text).not.toContain(`arn:aws:${kind}*`);
    }
  });
});
