import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { TerraformStack, Testing } from "cdktf";

/** Changes to the stack below. */
export interface TwoServicesOptions {
  readonly deregistrationDelaySeconds?: number;
  /** Further blocks, or the same ones with something wrong. */
  readonly change?: (parts: { stack: TerraformStack; listener: LbListener; groups: readonly LbTargetGroup[] }) => void;
}

/** An ALB with document B's rules, in the very JSON the provider's classes make; the stack is the test's own. */
export function twoServices({ deregistrationDelaySeconds = 30, change }: TwoServicesOptions = {}): string {
  const stack = new TerraformStack(Testing.app(), "two-services");
  const groups = [1, 2].map(
    (number) =>
      new LbTargetGroup(stack, `service-${number}`, {
        port: 5000,
        protocol: "HTTP",
        deregistrationDelay: String(deregistrationDelaySeconds),
        healthCheck: { path: "/healthz", matcher: "200", unhealthyThreshold: 2 },
        tags: { Name: `service-${number}` },
      }),
  );
  const [first, second] = groups as [LbTargetGroup, LbTargetGroup];
  const forward = ({ arn }: LbTargetGroup) => [{ type: "forward", targetGroupArn: arn }];
  const listener = new LbListener(stack, "https", {
    loadBalancerArn: "arn",
    port: 443,
    protocol: "HTTPS",
    defaultAction: forward(first),
  });
  new LbListener(stack, "http", {
    loadBalancerArn: "arn",
    port: 80,
    protocol: "HTTP",
    defaultAction: [{ type: "redirect", redirect: { statusCode: "HTTP_301", port: "443", protocol: "HTTPS" } }],
  });
  // Not in the order of priority, as JSON has no order.
  for (const [number, group, priority] of [
    [2, second, 20],
    [1, first, 10],
  ] as const) {
    new LbListenerRule(stack, `rule-${number}`, {
      listenerArn: listener.arn,
      priority,
      condition: [{ pathPattern: { values: [`/${number}`, `/${number}/*`] } }],
      action: forward(group),
    });
  }
  change?.({ stack, listener, groups });
  return Testing.synth(stack);
}
