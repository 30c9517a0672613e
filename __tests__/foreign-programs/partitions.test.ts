import { examine } from "../../cli/policy/rule";
import { iamRules } from "../../cli/policy/rules/iam";
import { readConfiguration } from "../../cli/terraform/read-configuration";
import { LATER, partitions, REGIONS } from "./partitions";
import { synthesizeProgram } from "./synthesize";

const { stacks } = synthesizeProgram(partitions);
const textOf = (id: string) => stacks[id]?.text ?? "";
/** Values in a text that match, each once. */
const find = (id: string, pattern: RegExp) => [...new Set(textOf(id).match(pattern))].sort();

/** Principals of services; only EC2's has the suffix of China. */
const PRINCIPALS = ["apigateway", "ecs-tasks", "lambda", "vpc-flow-logs"].map((service) => `${service}.amazonaws.com`);
const USUAL = ["dynamodb", "ecs", "ecs-agent", "ecs-telemetry", "logs", "s3", "secretsmanager", "ssm", "ssmmessages"];
const CHINESE = ["autoscaling", "ecr.api", "ecr.dkr"];

describe.each([
  { id: "china", partition: "aws-cn", principal: "ec2.amazonaws.com.cn", prefix: "cn.com.amazonaws" },
  { id: "govcloud", partition: "aws-us-gov", principal: "ec2.amazonaws.com", prefix: "com.amazonaws" },
  { id: "opt-in", partition: "aws", principal: "ec2.amazonaws.com", prefix: "com.amazonaws" },
] as const)("a stack in $id", ({ id, partition, principal, prefix }) => {
  it("has ARNs of its partition alone", () => {
    expect(find(id, /arn:aws[a-z-]*/g)).toEqual([`arn:${partition}`]);
  });

  it("looks up no partition, because it knows the region", () => {
    expect(stacks[id]?.json.data?.aws_partition).toBeUndefined();
  });

  it("trusts services by the principals that they have there", () => {
    expect(find(id, /[a-z0-9-]+\.amazonaws\.com(\.cn)?(?=\\?")/g)).toEqual([...PRINCIPALS, principal].sort());
  });

  it("calls services through endpoints by the names that they have there", () => {
    const names = Object.values(stacks[id]?.all("aws_vpc_endpoint") ?? {}).map(({ service_name }) => service_name);
    const expected = [
      ...USUAL.map((service) => `com.amazonaws.${REGIONS[id]}.${service}`),
      ...CHINESE.map((service) => `${prefix}.${REGIONS[id]}.${service}`),
    ];
    expect(names.sort()).toEqual(expected.sort());
  });
});

test.each([...Object.keys(REGIONS), LATER])("npm run policy finds nothing in the roles of the stack %s", (id) => {
  const { findings } = examine(
    readConfiguration(textOf(id)),
    iamRules.filter((rule) => rule.id !== "policy-no-wildcard-action"),
  );
  expect(findings).toEqual([]);
});

describe("a stack whose region is known at the plan", () => {
  it("takes ARNs and the principal of EC2 from the partition of the provider", () => {
    expect(find(LATER, /arn:aws(?!-cn:ecr)[a-z-]*/g)).toEqual([]);
    expect(find(LATER, /arn:\$\{data\.aws_partition\.\w+\.partition\}:iam::aws:policy\/\w+/g)).toHaveLength(1);
    expect(find(LATER, /ec2\.\$\{data\.aws_partition\.\w+\.dns_suffix\}/g)).toHaveLength(1);
  });

  it("chooses names of endpoints by the partition", () => {
    const { service_name } = stacks[LATER]?.at("aws_vpc_endpoint", "ecr-api") ?? {};
    expect(service_name).toMatch(
      /^\$\{\(data\.aws_partition\.\w+\.partition == "aws-cn"\) \? "cn\.com\.amazonaws" : "com\.amazonaws"\}\.\$\{var\.region\}\.ecr\.api$/,
    );
  });

  it("is refused at the plan in a partition that a synthesis refuses", () => {
    const [block] = Object.values(stacks[LATER]?.json.data?.aws_partition ?? {});
    expect(block?.lifecycle.postcondition).toEqual([
      {
        condition: `\${contains(["aws","aws-cn","aws-us-gov"], self.partition)}`,
        error_message: expect.stringMatching(
          /^region: got one of the partition \$\{self\.partition\}, allowed: a region/,
        ),
      },
    ]);
  });
});
