import type { Change } from "../change";
import type { Plan } from "../plan";
import { type Effect, interruption, isUnknown } from "./effect";
import { LISTENERS, readActions } from "./listener-actions";

/**
 * A listener or a rule that is created on another load balancer before the old one goes, and sends requests to the same target group: AWS
 * takes a target group in one load balancer alone.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/22005
 */
export const targetGroupTaken: Effect = (change, plan) => {
  if (!movesFirst(change, plan)) return [];
  const argument = LISTENERS.includes(change.type) ? "default_action" : "action";
  const [was, is] = (["before", "after"] as const).map((moment) =>
    readActions(change, plan, argument, moment).flatMap(({ groups }) => groups),
  );
  const kept = [...new Set(was)].filter((group) => is?.includes(group)).map((group) => plan.names.of(group));
  if (kept.length === 0) return [];
  return [
    interruption(
      `goes to another load balancer before the old one ends: AWS takes ${kept.join(", ")} in one alone, and the apply stops half-way`,
    ),
  ];
};

/** Whether the new one is created first, on another load balancer. A rule goes there with its listener. */
function movesFirst(change: Change, plan: Plan): boolean {
  if (change.action !== "replace" || !change.createsFirst) return false;
  if (LISTENERS.includes(change.type)) {
    const { before, after, unknown } = change;
    return isUnknown(unknown.load_balancer_arn) || before?.load_balancer_arn !== after?.load_balancer_arn;
  }
  const listeners = LISTENERS.flatMap((type) => plan.targets(change, "listener_arn", "before", type));
  return listeners.some((address) => {
    const listener = plan.at(address);
    return listener !== undefined && movesFirst(listener, plan);
  });
}
