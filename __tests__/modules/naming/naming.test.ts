import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack, Testing, Token } from "cdktf";
import { Construct } from "constructs";
import {
  buildName,
  buildNamePrefix,
  buildVariantName,
  checkName,
  NameLimits,
  setNamePrefix,
} from "../../../modules/naming";
import { useProvider } from "../../../modules/stack";

const inStack = (prefix: string, id: string, name: (construct: Construct) => void) => () => {
  const stack = new TerraformStack(Testing.app(), "session-test");
  setNamePrefix(stack, prefix);
  name(new Construct(stack, id));
};

describe("names", () => {
  it.each(Object.entries(NameLimits))("%s takes letters, digits and hyphens", (_, limit) => {
    expect(inStack("a", "b1", (construct) => buildName(construct, { ...limit, maxLength: 256 }))).not.toThrow();
  });

  it.each([
    ["LOAD_BALANCER", 'load balancer name: got "web_tier-b1", allowed: letters, digits and hyphens.'],
    ["REPLICATION_GROUP", 'replication group id: got "web_tier-b1", allowed: letters, digits and hyphens.'],
    ["LAUNCH_TEMPLATE_PREFIX", undefined],
    ["FUNCTION", undefined],
    ["TAG", undefined],
  ] as const)("%s and an underscore", (key, message) => {
    const named = inStack("web_tier", "b1", (construct) => buildName(construct, NameLimits[key]));
    if (message === undefined) expect(named).not.toThrow();
    else expect(named).toThrow(message);
  });

  it.each([
    ["FUNCTION", 'Lambda function name: got "web.tier-b1", allowed: letters, digits, hyphens and underscores.'],
    ["ECS_CLUSTER", 'ECS cluster name: got "web.tier-b1"'],
    ["DASHBOARD", 'dashboard name: got "web.tier-b1"'],
  ] as const)("%s and a dot", (key, message) => {
    expect(inStack("web.tier", "b1", (construct) => buildName(construct, NameLimits[key]))).toThrow(message);
  });

  it("looks at prefixes too, and says what to change", () => {
    expect(
      inStack("web_tier", "b1", (construct) => buildNamePrefix(construct, NameLimits.TARGET_GROUP_PREFIX)),
    ).toThrow(
      `session-test/b1: target group name prefix: got "web_t-", allowed: letters, digits and hyphens. Fix: change namePrefix or the construct's id`,
    );
  });

  it("passes a name that is known only after deployment", () => {
    const table = Token.asString({ resolve: () => "later" });
    expect(inStack("a", "b1", (construct) => checkName(construct, NameLimits.TABLE, table))).not.toThrow();
  });
});

describe("a name that two paths lead to, because ids are joined by hyphens", () => {
  const at = (stack: TerraformStack, ...ids: readonly string[]) =>
    ids.reduce<Construct>((scope, id) => (scope.node.tryFindChild(id) as Construct) ?? new Construct(scope, id), stack);
  const stack = () => new TerraformStack(Testing.app(), "s");

  it.each([
    ["the same", ["shop-redis"]],
    ["another in ElastiCache's small letters", ["SHOP", "redis"]],
  ])("is refused where AWS takes it once: %s", (_, other) => {
    const s = stack();
    buildName(at(s, "shop", "redis"), NameLimits.REPLICATION_GROUP);
    expect(() => buildName(at(s, ...other), NameLimits.REPLICATION_GROUP)).toThrow(
      /replication group id: got "s-\w+-redis", the name of s\/shop\/redis too, allowed: a name of its own: ids are joined by hyphens to make it\. Fix: change the id of one of the two constructs\./,
    );
  });

  it("is refused where a variant of one is the name of the other", () => {
    const s = stack();
    buildName(at(s, "shop-int"), NameLimits.LOAD_BALANCER);
    expect(() => buildVariantName(at(s, "shop"), NameLimits.LOAD_BALANCER, "int")).toThrow(
      'load balancer name: got "s-shop-int", the name of s/shop-int too',
    );
  });

  it("is taken again by its own construct, for another kind, as a tag or prefix, and in another region", () => {
    const s = stack();
    const [one, other] = [at(s, "shop", "redis"), at(s, "shop-redis")];
    buildName(one, NameLimits.REPLICATION_GROUP);
    buildName(one, NameLimits.REPLICATION_GROUP);
    buildName(other, NameLimits.FUNCTION);
    buildName(one, NameLimits.TAG);
    buildName(other, NameLimits.TAG);
    expect(buildNamePrefix(one, NameLimits.IAM_PREFIX)).toBe(buildNamePrefix(other, NameLimits.IAM_PREFIX));
    new AwsProvider(s, "aws", { region: "ap-northeast-1" });
    const osaka = new AwsProvider(s, "osaka", { region: "ap-northeast-3", alias: "osaka" });
    const abroad = at(s, "shop-r");
    useProvider(abroad, { provider: osaka });
    buildName(at(s, "shop", "r", "edis"), NameLimits.LOAD_BALANCER);
    expect(buildName(at(s, "shop-r", "edis"), NameLimits.LOAD_BALANCER)).toBe("s-shop-r-edis");
  });
});
