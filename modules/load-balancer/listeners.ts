import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbListenerRule } from "@cdktf/provider-aws/lib/lb-listener-rule";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { hashPriority, type PathRule } from "./path-rules";
import type { TargetGroup } from "./target-group";

/** Properties of {@link Listeners}. */
export interface ListenersProps {
  readonly loadBalancerArn: string;
  /** ARN of the certificate. Without one, port 80 serves the app. */
  readonly certificateArn: string | undefined;
  readonly defaultTarget: TargetGroup;
  readonly pathRules: readonly PathRule[];
}

/**
 * TLS 1.2 and 1.3, forward secrecy and authenticated encryption only.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/**
 * The listeners of a load balancer. Their ids have the port, not the purpose. So a certificate that is added later changes the
 * listener on port 80 to a redirect in place. AWS would refuse a second listener on that port.
 */
export class Listeners extends Construct {
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ListenersProps) {
    super(scope, id);
    const { certificateArn, defaultTarget, pathRules } = props;
    const forward = { type: "forward", targetGroupArn: defaultTarget.arn };
    const redirect = { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } };
    const port80 = this.#listener(props, 80, {
      protocol: "HTTP",
      defaultAction: [certificateArn === undefined ? forward : redirect],
    });
    const port443 =
      certificateArn === undefined
        ? undefined
        : this.#listener(props, 443, {
            protocol: "HTTPS",
            certificateArn,
            sslPolicy: TLS_POLICY,
            defaultAction: [forward],
          });
    const serving = port443 ?? port80;
    this.dependables = [...new Set([port80, serving]), ...pathRules.map((rule) => this.#rule(serving, rule))];
  }

  #listener(
    { loadBalancerArn }: ListenersProps,
    port: number,
    config: Omit<ConstructorParameters<typeof LbListener>[2], "loadBalancerArn" | "port" | "tags">,
  ): LbListener {
    const id = `port-${port}`;
    return new LbListener(this, id, {
      loadBalancerArn,
      port,
      ...config,
      tags: { Name: buildName(this, NameLimits.TAG, id) },
      // Only a new load balancer replaces a listener. The old one serves until the targets have moved.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  #rule(listener: LbListener, rule: PathRule): LbListenerRule {
    const id = `path-${rule.key}`;
    return new LbListenerRule(this, id, {
      listenerArn: listener.arn,
      priority: hashPriority(rule),
      condition: [{ pathPattern: { values: [...rule.paths] } }],
      action: [{ type: "forward", targetGroupArn: rule.target.arn }],
      tags: { Name: buildName(this, NameLimits.TAG, id) },
      // A new listener, as with a new certificate, replaces the rule. The new rule is created first, or the default target would get
      // its requests in between.
      lifecycle: { createBeforeDestroy: true },
    });
  }
}
