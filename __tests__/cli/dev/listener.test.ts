import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule, type LbListenerRuleConfig } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { groupFor, readListener } from "../../../cli/dev/listener";
import { readConfiguration } from "../../../cli/terraform/read-configuration";
import { UserError } from "../../../environment";
import { type TwoServicesOptions, twoServices } from "../../programs/two-services";

const read = (change?: TwoServicesOptions["change"]) =>
  readListener(readConfiguration(twoServices(change === undefined ? {} : { change })));
const withUnnumberedRule = (rule: Partial<LbListenerRuleConfig>) =>
  read(({ stack, listener, groups }) => {
    const action = [{ type: "forward", targetGroupArn: groups[1]?.arn as string }];
    const condition = [{ pathPattern: { values: ["/x"] } }];
    new LbListenerRule(stack, "one-more", { listenerArn: listener.arn, condition, action, ...rule });
  });
const withRule = (rule: Partial<LbListenerRuleConfig>) => withUnnumberedRule({ priority: 5, ...rule });
const paths = (...values: string[]) => withRule({ condition: [{ pathPattern: { values } }] });

describe("a listener read from a synthesized stack", () => {
  it.each([
    ["/1", "service-1"],
    ["/1/", "service-1"],
    ["/1/deep/er", "service-1"],
    ["/2", "service-2"],
    ["/2/?x=/1", "service-2"],
    ["/2?x", "service-2"],
    ["/", "service-1"],
    ["/index.html", "service-1"],
    ["/22", "service-1"],
    ["/2x/", "service-1"],
    ["//2", "service-1"],
    ["/%32", "service-1"],
  ])("sends %s to %s", (path, group) => {
    expect(groupFor(read(), path)).toBe(group);
  });

  it.each([
    ["/a?c", "/abc", true],
    ["/a?c", "/ac", false],
    ["/a?c", "/abbc", false],
    ["/*.png", "/deep/in.png", true],
    ["/*.png", "/in.pngs", false],
    ["/*.png", "/inxpng", false],
    ["/Case", "/case", false],
    ["/a+b(c)|$[d]", "/a+b(c)|$[d]", true],
  ])("lets %s match %s: %s", (pattern, path, matches) => {
    expect(groupFor(paths(pattern), path)).toBe(matches ? "service-2" : "service-1");
  });

  it("asks rules by priority, lowest first", () => {
    expect(groupFor(paths("/1/*"), "/1/x")).toBe("service-2");
    expect(groupFor(withRule({ priority: 15, condition: [{ pathPattern: { values: ["/1/*"] } }] }), "/1/x")).toBe(
      "service-1",
    );
  });

  it("chooses among weighted groups by their weights", () => {
    const listener = read(({ stack, listener: { arn }, groups }) => {
      const [first, second] = groups.map((group) => group.arn) as [string, string];
      const targetGroup = [
        { arn: first, weight: 1 },
        { arn: second, weight: 3 },
      ];
      const action = [{ type: "forward", forward: { targetGroup } }];
      const condition = [{ pathPattern: { values: ["/w"] } }];
      new LbListenerRule(stack, "weighted", { listenerArn: arn, priority: 1, condition, action });
    });
    const chosen = [0, 0.24, 0.26, 0.99].map((chance) => groupFor(listener, "/w", chance));
    expect(chosen).toEqual(["service-1", "service-1", "service-2", "service-2"]);
  });

  it("reads what it needs of the target groups", () => {
    const [first] = read().groups;
    expect(first).toMatchObject({ name: "service-1", healthCheckPath: "/healthz", deregistrationDelaySeconds: 30 });
    expect([200, 201, 503].map((status) => first?.isHealthy(status))).toEqual([true, false, false]);
  });

  it.each<{ what: string; make: () => unknown; says: string }>([
    {
      what: "a condition that is no path",
      make: () => withRule({ condition: [{ hostHeader: { values: ["a.example"] } }] }),
      says: "aws_lb_listener_rule.one-more.condition.0: takes a condition on path_pattern and nothing else",
    },
    {
      what: "an action that is no forward",
      make: () => withRule({ action: [{ type: "fixed-response", fixedResponse: { contentType: "text/plain" } }] }),
      says: "aws_lb_listener_rule.one-more.action: takes an action of type forward",
    },
    {
      what: "a rule without priority",
      make: () => withUnnumberedRule({}),
      says: "aws_lb_listener_rule.one-more.priority: takes a priority",
    },
    {
      what: "a target group of another stack",
      make: () => withRule({ action: [{ type: "forward", targetGroupArn: "arn:aws:x" }] }),
      says: "takes a reference to a target group of the same stack",
    },
    {
      what: "two listeners that forward",
      make: () =>
        read(({ stack, groups }) => {
          const defaultAction = [{ type: "forward", targetGroupArn: groups[0]?.arn as string }];
          new LbListener(stack, "other", { loadBalancerArn: "arn", port: 8443, protocol: "HTTPS", defaultAction });
        }),
      says: "aws_lb_listener: got 2 whose default action is forward, takes one",
    },
    {
      what: "no load balancer at all",
      make: () => readListener(readConfiguration('{"resource":{}}')),
      says: "aws_lb_listener: takes",
    },
  ])("refuses $what", ({ make, says }) => {
    expect(make).toThrow(UserError);
    expect(make).toThrow(says);
  });
});
