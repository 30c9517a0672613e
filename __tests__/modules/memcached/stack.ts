import type { TerraformStack } from "cdktf";
import { MemcachedCluster, type MemcachedClusterProps } from "../../../modules/memcached";
import { Network, type ZoneLetter } from "../../../modules/network";
import { synthesize } from "../../synthesized";

export type Props = Partial<MemcachedClusterProps>;

/** Adds a cluster in a network of its own. */
export const addMemcached = (
  stack: TerraformStack,
  props: Props = {},
  availabilityZones: readonly ZoneLetter[] = ["a", "c"],
) =>
  new MemcachedCluster(stack, "memcached", { network: new Network(stack, "network", { availabilityZones }), ...props });
/** A stack with such a cluster. */
export const memcached = (props?: Props, zones?: readonly ZoneLetter[], stackId?: string) =>
  synthesize((stack) => addMemcached(stack, props, zones), stackId);
