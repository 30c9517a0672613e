import type { TerraformStack } from "cdktf";
import { LoadBalancer, type LoadBalancerProps, TargetGroup, TargetType } from "../../../modules/load-balancer";
import { Network, type NetworkProps } from "../../../modules/network";
import { synthesizer } from "../../synthesized";

export const CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

export type Props = Partial<Omit<LoadBalancerProps, "network" | "defaultTarget" | "pathRules">> & {
  readonly network?: NetworkProps;
  /** Patterns by the rule's key. */
  readonly paths?: Readonly<Record<string, readonly string[]>>;
  readonly keepAliveSeconds?: number;
};

export const HTTP: Props = { http: true, allowedCidrs: ["203.0.113.0/24"] };
export const HTTPS: Props = { certificateArn: CERTIFICATE };

/** Adds a load balancer, a target group for each rule and one for everything else. */
export function loadBalancer(stack: TerraformStack, { network: zones, paths = {}, keepAliveSeconds, ...props }: Props) {
  const network = new Network(stack, "network", zones);
  const group = (id: string) =>
    new TargetGroup(stack, id, {
      network,
      targetType: TargetType.IP,
      port: 5000,
      healthCheckPath: "/healthz",
      ...(keepAliveSeconds !== undefined && { keepAliveSeconds }),
    });
  const pathRules = Object.entries(paths).map(([key, patterns], index) => ({
    key,
    paths: patterns,
    target: group(`target-${index}`),
  }));
  return new LoadBalancer(stack, "alb", { network, defaultTarget: group("default"), pathRules, ...props });
}

/** A stack with such a load balancer. */
export const synthesized = synthesizer(loadBalancer);
