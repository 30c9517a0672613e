import { ending } from "../change";
import { type Effect, interruption } from "./effect";

/**
 * A load balancer or target group that is replaced under its own name, the new one first: a region has one of a name.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/elbv2/load_balancer.go
 */
export const nameTaken: Effect = (change) => {
  const { action, createsFirst, before, after } = change;
  if (action !== "replace" || !createsFirst || !before?.name || before.name !== after?.name) return [];
  return [
    interruption(
      `${ending(change)}, the new one first: AWS refuses a second ${after.name}, and the apply stops half-way: give it another name in the same edit`,
    ),
  ];
};
