import type { TerraformStack } from "cdktf";
import { Network, type ZoneLetter } from "../../../modules/network";
import { RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { type Synthesized, synthesize } from "../../synthesized";

export type Props = Partial<RedisClusterProps>;

/** Adds a cache in a network of two zones to a stack. */
export function addRedis(
  stack: TerraformStack,
  props: Props = {},
  availabilityZones: readonly ZoneLetter[] = ["a", "c"],
): RedisCluster {
  return new RedisCluster(stack, "redis", { network: new Network(stack, "network", { availabilityZones }), ...props });
}

/** The warnings of a synthesis with such a cache, without the paths of constructs. */
export function warningsOf(props?: Props): string[] {
  let warnings: string[] = [];
  synthesize((stack) => {
    const cache = addRedis(stack, props);
    warnings = cache.node
      .findAll()
      .flatMap((child) => child.node.metadata)
      .flatMap(({ type, data }) => (type.endsWith("warn") ? [String(data).replace(/^\S+: /, "")] : []));
  });
  return warnings;
}

/** A stack with such a cache. */
export function redis(props?: Props, zones?: readonly ZoneLetter[], stackId?: string): Synthesized {
  return synthesize((stack) => addRedis(stack, props, zones), stackId);
}
