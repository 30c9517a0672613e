import { AppautoscalingPolicy } from "@cdktf/provider-aws/lib/appautoscaling-policy";
import { AppautoscalingTarget } from "@cdktf/provider-aws/lib/appautoscaling-target";
import { Token } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { checkNumber, NUMBER, objectOf, type PropTypes, required, ValidationError } from "../validation";

/** The smallest and the largest number. */
export interface Bounds {
  /** The smallest number. */
  readonly min: number;
  /** The largest number. */
  readonly max: number;
}

/** Types of the props of {@link Bounds}. */
const BOUNDS: PropTypes<Bounds> = {
  min: required(NUMBER),
  max: required(NUMBER),
};

/**
 * Scaling by load, in cluster mode only. The session app reads from primaries and writes to them, so shards carry its load.
 * Replicas help an app of your own that reads from them.
 */
export interface RedisScalingProps {
  /**
   * Shards, from 1 to 500.
   * @default - the number of shards does not change
   */
  readonly shards?: Bounds;
  /** Replicas of each shard, from 1 to 5. @default - the number of replicas does not change */
  readonly replicas?: Bounds;
  /**
   * Target of engine CPU in percent, 35 to 70. Shards scale by the primaries' CPU, replicas by the replicas'.
   * @default 60
   */
  readonly targetCpuPercent?: number;
}

/** Types of the props of {@link RedisScalingProps}. */
export const REDIS_SCALING_PROPS: PropTypes<RedisScalingProps> = {
  shards: objectOf(BOUNDS),
  replicas: objectOf(BOUNDS),
  targetCpuPercent: NUMBER,
};

const DEFAULT_TARGET_PERCENT = 60;

/** ElastiCache's name of each dimension, and the metric that it scales by. */
const DIMENSIONS = {
  shards: {
    dimension: "elasticache:replication-group:NodeGroups",
    metric: "ElastiCachePrimaryEngineCPUUtilization",
    argument: "num_node_groups",
    bounds: { min: 1, max: 500 },
  },
  replicas: {
    dimension: "elasticache:replication-group:Replicas",
    metric: "ElastiCacheReplicaEngineCPUUtilization",
    argument: "replicas_per_node_group",
    bounds: { min: 1, max: 5 },
  },
} as const;
type Dimension = keyof typeof DIMENSIONS;
const KINDS = Object.keys(DIMENSIONS) as Dimension[];

/** The arguments that ElastiCache changes while it scales. Terraform sets them once, then ignores them. */
export function scaledArguments(scaling: RedisScalingProps | undefined): string[] {
  return KINDS.filter((kind) => scaling?.[kind] !== undefined).map((kind) => DIMENSIONS[kind].argument);
}

/** Properties of a {@link RedisScaling}. */
export interface RedisScalingTarget extends RedisScalingProps {
  /** Id of the replication group, as a reference to it. */
  readonly replicationGroupId: string;
}

/** Target tracking on a replication group, by engine CPU. */
export class RedisScaling extends Construct {
  constructor(scope: Construct, id: string, props: RedisScalingTarget) {
    super(scope, id);
    for (const kind of KINDS) {
      const bounds = props[kind];
      if (bounds !== undefined) this.#track(kind, bounds, props);
    }
  }

  #track(kind: Dimension, { min, max }: Bounds, props: RedisScalingTarget): void {
    const { dimension, metric } = DIMENSIONS[kind];
    const target = new AppautoscalingTarget(this, kind, {
      serviceNamespace: "elasticache",
      resourceId: `replication-group/${props.replicationGroupId}`,
      scalableDimension: dimension,
      minCapacity: min,
      maxCapacity: max,
      tags: { Name: buildName(this, NameLimits.TAG, kind) },
    });
    new AppautoscalingPolicy(this, `${kind}-by-cpu`, {
      name: buildName(this, NameLimits.SCALING_POLICY, kind),
      policyType: "TargetTrackingScaling",
      serviceNamespace: target.serviceNamespace,
      resourceId: target.resourceId,
      scalableDimension: target.scalableDimension,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: metric },
        targetValue: props.targetCpuPercent ?? DEFAULT_TARGET_PERCENT,
      },
    });
  }
}

/** The properties of a cache that scaling depends on. */
export interface ScaledCache {
  readonly shards: number | undefined;
  readonly replicas: number;
  readonly nodeType: string;
}

/**
 * The node types that ElastiCache scales: large to 2xlarge of these families. The page says nothing of the 8th generation, which came
 * later, so later families pass.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoScaling.html
 */
const SCALABLE = /^cache\.(r7g|r6gd?|r5|m7g|m6g|m5|c7gn)\.(large|xlarge|2xlarge)$/;
const BEFORE_THE_8TH = /^cache\.(t\d|[mr][3-7]|c7)/;

/** @throws {ValidationError} when ElastiCache cannot scale the cache, or a number is out of range. */
export function checkScaling(scope: Construct, scaling: RedisScalingProps | undefined, cache: ScaledCache): void {
  if (scaling === undefined) return;
  if (cache.shards === undefined) {
    throw new ValidationError(scope, {
      what: "scaling",
      got: "a cache that is not in cluster mode",
      allowed: "cluster mode, ElastiCache scales nothing else",
      fix: "give shards, or leave scaling out",
    });
  }
  if (isUnscalable(cache.nodeType)) {
    throw new ValidationError(scope, {
      what: "scaling",
      got: `node type ${cache.nodeType}`,
      allowed: "large, xlarge and 2xlarge of r7g, r6g, r6gd, r5, m7g, m6g, m5 and c7gn",
      fix: 'take "cache.m7g.large", or leave scaling out',
    });
  }
  checkNumber(scope, "scaling.targetCpuPercent", scaling.targetCpuPercent, {
    min: 35,
    max: 70,
    fix: `leave it out for ${DEFAULT_TARGET_PERCENT}`,
  });
  checkBounds(scope, "shards", scaling.shards, cache.shards);
  checkBounds(scope, "replicas", scaling.replicas, cache.replicas);
}

function isUnscalable(nodeType: string): boolean {
  return !Token.isUnresolved(nodeType) && BEFORE_THE_8TH.test(nodeType) && !SCALABLE.test(nodeType);
}

/** ElastiCache changes a count outside of its bounds at once, at any load. */
function checkBounds(scope: Construct, kind: Dimension, bounds: Bounds | undefined, count: number): void {
  if (bounds === undefined) return;
  if (Token.isUnresolved(bounds.min) || Token.isUnresolved(bounds.max)) return;
  const { min, max } = DIMENSIONS[kind].bounds;
  const whole = Number.isInteger(bounds.min) && Number.isInteger(bounds.max);
  if (whole && bounds.min >= min && bounds.max <= max && bounds.min <= count && count <= bounds.max) return;
  throw new ValidationError(scope, {
    what: `scaling.${kind}`,
    got: `${bounds.min} to ${bounds.max}, at first ${count}`,
    allowed: `whole numbers from ${min} to ${max}, with the first number of ${kind} between them`,
    fix: `change scaling.${kind} or ${kind}`,
  });
}
