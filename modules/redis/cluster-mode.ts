import type { Construct } from "constructs";
import type { RedisMode } from "../../environment/redis-access";
import { checkOneOf, ValidationError } from "../validation";

/**
 * Whether a cache has shards, by ElastiCache's names. A deployed cache goes from `disabled` to `compatible` and from there to
 * `enabled`, in place.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html
 */
export const ClusterMode = {
  /** One primary with its replicas. */
  DISABLED: "disabled",
  /** One primary, which serves clients with and without the cluster protocol. AWS refuses scaling and another engine meanwhile. */
  COMPATIBLE: "compatible",
  /** Shards, for clients with the cluster protocol alone. AWS does not take this mode back. */
  ENABLED: "enabled",
} as const;
export type ClusterMode = (typeof ClusterMode)[keyof typeof ClusterMode];

/** The props that decide the cluster mode, and the protocol of clients. */
export interface ClusterModeProps {
  readonly clusterMode?: ClusterMode | undefined;
  readonly clusterProtocol?: boolean | undefined;
  readonly shards?: number | undefined;
  readonly replicas: number;
  readonly automaticFailover?: boolean | undefined;
}

/** The cluster mode with its defaults. */
export interface ResolvedClusterMode {
  readonly clusterMode: ClusterMode;
  /** Whether clients use the cluster protocol, at the configuration endpoint. */
  readonly clusterProtocol: boolean;
  /** Undefined without shards. */
  readonly shards: number | undefined;
}

/**
 * The protocol whose commands a user of the cache may send. Mode compatible has the commands of the cluster protocol already, so that
 * clients find them when they change to it.
 */
export function protocolRights(clusterMode: ClusterMode): RedisMode {
  return clusterMode === ClusterMode.DISABLED ? "single" : "cluster";
}

/** @throws {ValidationError} when ElastiCache does not accept the mode together with the other props. */
export function resolveClusterMode(scope: Construct, props: ClusterModeProps): ResolvedClusterMode {
  checkOneOf(scope, "clusterMode", props.clusterMode, ClusterMode, { atSynth: true });
  const mode = props.clusterMode ?? (props.shards === undefined ? ClusterMode.DISABLED : ClusterMode.ENABLED);
  checkShards(scope, mode, props);
  checkProtocol(scope, mode, props);
  checkStandBy(scope, mode, props);
  const isEnabled = mode === ClusterMode.ENABLED;
  return {
    clusterMode: mode,
    clusterProtocol: props.clusterProtocol ?? isEnabled,
    shards: isEnabled ? (props.shards ?? 1) : undefined,
  };
}

function checkShards(scope: Construct, mode: ClusterMode, { shards }: ClusterModeProps): void {
  if (shards === undefined || mode === ClusterMode.ENABLED) return;
  throw new ValidationError(scope, {
    what: "shards",
    got: `${shards} with clusterMode ${mode}`,
    allowed: "shards with clusterMode enabled alone, ElastiCache refuses them before",
    fix: "leave shards out until clusterMode enabled is deployed",
  });
}

function checkProtocol(scope: Construct, mode: ClusterMode, { clusterProtocol }: ClusterModeProps): void {
  if (clusterProtocol === undefined || mode === ClusterMode.COMPATIBLE) return;
  if (clusterProtocol === (mode === ClusterMode.ENABLED)) return;
  throw new ValidationError(scope, {
    what: "clusterProtocol",
    got: `${clusterProtocol} with clusterMode ${mode}`,
    allowed: `${!clusterProtocol}: the cache answers no other protocol in this mode`,
    fix: "leave clusterProtocol out",
  });
}

function checkStandBy(scope: Construct, mode: ClusterMode, { replicas, automaticFailover }: ClusterModeProps): void {
  if (mode !== ClusterMode.COMPATIBLE || (replicas > 0 && automaticFailover !== false)) return;
  throw new ValidationError(scope, {
    what: "clusterMode",
    got: `compatible with ${replicas > 0 ? "automaticFailover false" : "0 replicas"}`,
    allowed: "compatible for a cache with a replica and automatic failover",
    fix: "deploy replicas: 1 without automaticFailover first",
  });
}

/**
 * Conditions on the replication group, which Terraform evaluates in the plan of a deployed cache: computed attributes have the
 * values from before the change there. So they refuse a step that needs the one before it, before anything changes.
 *
 * In mode compatible, the provider reads the configuration endpoint and leaves the primary endpoint as it was in the state. A
 * cache that it creates or imports in this mode has none.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/elasticache/replication_group.go
 */
export function clusterModeConditions({ clusterMode, clusterProtocol }: ResolvedClusterMode) {
  switch (clusterMode) {
    case ClusterMode.DISABLED:
      return [];
    case ClusterMode.COMPATIBLE:
      return [clusterProtocol ? HAS_CONFIGURATION_ENDPOINT : HAS_PRIMARY_ENDPOINT];
    case ClusterMode.ENABLED:
      return [IS_CLUSTER];
  }
}

const ORDER =
  "Deploy in this order: clusterMode compatible; clusterProtocol true beside it; clusterMode enabled without clusterProtocol; then shards.";

const HAS_PRIMARY_ENDPOINT = {
  condition: isText("primary_endpoint_address"),
  errorMessage:
    "clusterMode compatible: the cache has no primary endpoint, because it was created or imported in this mode. " +
    "Fix: set clusterProtocol to true, or create the cache with clusterMode enabled.",
};
const HAS_CONFIGURATION_ENDPOINT = {
  condition: isText("configuration_endpoint_address"),
  errorMessage: `clusterProtocol true: the cache has no configuration endpoint yet. ${ORDER}`,
};
const IS_CLUSTER = {
  condition: `\${self.cluster_enabled}`,
  errorMessage: `clusterMode enabled: the cache is in mode disabled, and ElastiCache refuses to skip a step. ${ORDER}`,
};

/** Terraform has null for an endpoint that the provider never read. */
function isText(attribute: string): string {
  return `\${self.${attribute} != null && self.${attribute} != ""}`;
}
