import type { Construct } from "constructs";
import { checkCacheArns, checkId, checkNodeType, checkWindows, warnOfNodeType, warnOfVersion } from "../elasticache";
import { checkScaling } from "./autoscaling";
import { resolveAvailability } from "./availability";
import { resolveClusterMode } from "./cluster-mode";
import { RedisEngine } from "./engine";
import { checkNetworkType } from "./network-type";
import type { RedisClusterProps } from "./props";
import { checkAccessString, checkAuth, checkSnapshots } from "./validation";

/** Default number of replicas of each primary. */
export const DEFAULT_REPLICAS = 1;

/**
 * The props of a cache, checked and with all defaults.
 *
 * @throws {ValidationError} when props contradict each other, or ElastiCache does not accept a value.
 */
export function resolveProps(scope: Construct, props: RedisClusterProps) {
  const {
    network,
    engine = RedisEngine.REDIS_7_1,
    nodeType = "cache.t4g.micro",
    replicas = DEFAULT_REPLICAS,
    parameters = {},
    snapshotRetentionDays = 1,
    slowLogRetentionDays = 14,
    ...others
  } = props;
  const mode = resolveClusterMode(scope, { ...props, replicas });
  const zones = network.privateSubnets.length;
  const availability = resolveAvailability(scope, { ...props, shards: mode.shards, replicas, zones });
  checkNodeType(scope, nodeType);
  warnOfNodeType(scope, nodeType, engine.engine);
  warnOfVersion(scope, engine.engine, engine.version);
  checkNetworkType(scope, { ...props, nodeType });
  checkCacheArns(scope, props);
  checkAuth(scope, props);
  checkAccessString(scope, props.accessString);
  checkId(scope, "finalSnapshotName", props.finalSnapshotName);
  checkSnapshots(scope, snapshotRetentionDays, { what: "snapshotWindow", got: props.snapshotWindow });
  checkWindows(scope, props);
  checkScaling(scope, props.scaling, { ...availability, nodeType });
  return {
    ...others,
    ...mode,
    ...availability,
    network,
    engine,
    nodeType,
    parameters,
    snapshotRetentionDays,
    slowLogRetentionDays,
  };
}

/** See {@link resolveProps}. */
export type ResolvedProps = ReturnType<typeof resolveProps>;
