import { TerraformStack, Testing, Token } from "cdktf";
import { Construct } from "constructs";
import { buildName, buildNamePrefix, checkName, NameLimits, setNamePrefix } from "../../../modules/naming";

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
      `session-test/b1: target group name prefix: got "web_t-", allowed: letters, digits and hyphens. Fix: change the setting "name"`,
    );
  });

  it("passes a name that is known only after deployment", () => {
    const table = Token.asString({ resolve: () => "later" });
    expect(inStack("a", "b1", (construct) => checkName(construct, NameLimits.TABLE, table))).not.toThrow();
  });
});
