import { ending } from "../change";
import { type Effect, interruption } from "./effect";

/**
 * A load balancer that is replaced under its own name, the new one first: a region has one load balancer of a name.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html
 */
export const nameTaken: Effect = (change) => {
  const { action, createsFirst, before, after } = change;
  if (action !== "replace" || !createsFirst || !before?.name || before.name !== after?.name) return [];
  return [
    interruption(
      `${ending(change)}, the new one first: AWS refuses a second ${after.name}, and the apply stops half-way`,
    ),
  ];
};
