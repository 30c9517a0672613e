import { Annotations } from "cdktf";
import type { SessionStack } from "../modules";
import { compareVersions, hasDisks } from "../modules/elasticache";
import { DEFAULT_REPLICAS } from "../modules/redis/resolve-props";
import { DEFAULT_ENGINE, type Settings } from "../settings";
import { isMovedByAws } from "./deployed-cache";
import { type Attributes, readDeployed, type StateFile } from "./state-file";

/** A setting that conflicts with the deployed stack, and the effect on visitors. */
interface Loss {
  readonly key: string;
  readonly deployed: string;
  readonly effect: string;
}

const ANOTHER_CACHE = "another cache takes its place, and every session is lost";
const ANOTHER_HOST =
  "visitors come by another host name, to which browsers do not send their cookie, so everybody logs in once more";
const ANOTHER_COOKIE = "the session's cookie has another name over https (__Host-id), so everybody logs in once more";

/**
 * Warns of each setting with which a deploy loses sessions, if the state file is beside cdktf.json. For a state in a bucket, use
 * `npm run plan`.
 */
export function warnOfLostSessions(stack: SessionStack, settings: Settings): void {
  const { stateFile } = stack;
  const deployed = readDeployed(stack);
  if (deployed === undefined) return;
  const losses = [
    ...findCacheLosses(deployed, settings),
    ...findCookieLosses(stack.node.id, deployed, settings),
    ...findHostLosses(stack.node.id, deployed, settings),
  ];
  for (const loss of losses) {
    Annotations.of(stack).addWarning(
      `${stack.node.id}: ${loss.key}: deployed is ${loss.deployed} (${stateFile}): ${loss.effect}. See docs/upgrades.md.`,
    );
  }
}

function findCacheLosses(deployed: StateFile, { region, redis, existingRedis }: Settings): Loss[] {
  const [serverless] = deployed.all("aws_elasticache_serverless_cache");
  const [cache = serverless] = deployed.all("aws_elasticache_replication_group");
  if (cache === undefined) return [];
  const [, , , deployedRegion] = String(cache.arn).split(":");
  if (deployedRegion !== region) {
    const effect = "Terraform looks for it elsewhere, creates everything again there and forgets what is deployed";
    return [{ key: "region", deployed: `a stack in ${deployedRegion}`, effect }];
  }
  if (existingRedis !== null) {
    return [{ key: "existingRedis", deployed: "a cache of this stack", effect: "it is destroyed, with every session" }];
  }
  if ((cache === serverless) !== (redis.serverless !== undefined)) {
    const kind = cache === serverless ? "a serverless cache" : "a cache of nodes";
    return [{ key: "redis.serverless", deployed: kind, effect: ANOTHER_CACHE }];
  }
  const losses =
    cache === serverless
      ? [...findServerlessReplacements(cache, redis), ...findLimitLosses(cache, redis)]
      : [...findReplacements(cache, redis), ...findReplicaLosses(cache, redis)];
  return [...losses, ...findKeyReplacement(cache, redis)];
}

/** Whether another serverless cache takes the place of a deployed one. */
export function replacesServerlessCache(cache: Attributes, redis: Settings["redis"]): boolean {
  return findServerlessReplacements(cache, redis).length + findKeyReplacement(cache, redis).length > 0;
}

/**
 * AWS changes a serverless cache from Redis OSS to Valkey in place. For each other engine and major version, the provider 5.100 creates
 * another cache.
 * @see https://github.com/hashicorp/terraform-provider-aws/pull/42208
 */
function findServerlessReplacements(cache: Attributes, { serverless }: Settings["redis"]): Loss[] {
  const [engine, majorVersion] = serverless?.engine.split("-") ?? [];
  const isBack = cache.engine === "valkey" && engine === "redis";
  if (!isBack && cache.major_engine_version === majorVersion) return [];
  const deployed = `${cache.engine}-${cache.major_engine_version}, and Terraform's provider replaces it`;
  return [{ key: "redis.serverless.engine", deployed, effect: ANOTHER_CACHE }];
}

/**
 * At the upper limit of data, ElastiCache evicts sessions. A limit that is absent from the settings stays, because AWS refuses to remove it.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html
 */
function findLimitLosses({ cache_usage_limits }: Attributes, { serverless }: Settings["redis"]): Loss[] {
  const max = serverless?.dataStorageGb?.max;
  const limits = cache_usage_limits as
    | readonly { readonly data_storage?: readonly { maximum?: number }[] }[]
    | undefined;
  const deployed = limits?.[0]?.data_storage?.[0]?.maximum || undefined;
  if (max === undefined || (deployed !== undefined && deployed <= max)) return [];
  return [
    {
      key: "redis.serverless.dataStorageGb",
      deployed: `a serverless cache ${deployed === undefined ? "without a limit" : `of ${deployed} GB at most`}`,
      effect: `sessions beyond ${max} GB are evicted`,
    },
  ];
}

function findKeyReplacement(cache: Attributes, { kmsKeyArn }: Settings["redis"]): Loss[] {
  if ((cache.kms_key_id || undefined) === kmsKeyArn) return [];
  const deployed = `a cache encrypted by ${cache.kms_key_id || "AWS' own key"}`;
  return [{ key: "redis.kmsKeyArn", deployed, effect: ANOTHER_CACHE }];
}

function findReplacements(cache: Attributes, redis: Settings["redis"]): Loss[] {
  const losses: Loss[] = [];
  const { nodeType = "", engine = DEFAULT_ENGINE } = redis;
  const { data_tiering_enabled: tiered } = cache;
  // Data tiering is fixed at the creation of a cache.
  if (typeof tiered === "boolean" && tiered !== hasDisks(nodeType)) {
    losses.push({ key: "redis.nodeType", deployed: `a cache of ${cache.node_type}`, effect: ANOTHER_CACHE });
  }
  const { networkType } = redis;
  if (networkType !== undefined && cache.network_type && cache.network_type !== networkType) {
    losses.push({ key: "redis.networkType", deployed: `a cache of ${cache.network_type}`, effect: ANOTHER_CACHE });
  }
  if (isLower(engine, cache) && !isMovedByAws(redis, cache)) {
    const deployed = `${cache.engine}-${cache.engine_version}, and ${explainReplacement(engine, cache)}`;
    losses.push({ key: "redis.engine", deployed, effect: ANOTHER_CACHE });
  }
  return losses;
}

/** Whether the wanted engine is below the deployed one: Redis OSS is below Valkey, and a version below a later one. */
function isLower(wanted: string, { engine, engine_version }: Attributes): boolean {
  const [wantedEngine, wantedVersion = ""] = wanted.split("-");
  if (engine !== wantedEngine) return engine === "valkey";
  return compareVersions(wantedVersion, String(engine_version)) < 0;
}

/**
 * AWS can change Valkey 7.2 back to Redis OSS 7.1 in place, but the provider replaces the cache
 * (hashicorp/terraform-provider-aws#45229).
 */
function explainReplacement(wanted: string, { engine, engine_version }: Attributes): string {
  const isOneStep = wanted === "redis-7.1" && engine === "valkey" && String(engine_version).startsWith("7.2");
  return isOneStep
    ? 'Terraform\'s provider replaces it where AWS would go back in place ("Back to Redis OSS" says how)'
    : "ElastiCache goes upwards only";
}

function findReplicaLosses(cache: Attributes, { replicas = DEFAULT_REPLICAS }: Settings["redis"]): Loss[] {
  if (replicas > 0 || !(Number(cache.replicas_per_node_group) > 0)) return [];
  const effect = "with none left, sessions are lost when their node fails";
  return [{ key: "redis.replicas", deployed: "a cache with replicas", effect }];
}

/** The certificate setting of stacks with a load balancer, keyed by stack id: its key, and whether it is set. */
const BEHIND_LOAD_BALANCER: Readonly<
  Record<string, (settings: Settings) => [key: string, https: boolean] | undefined>
> = {
  "session-ec2": ({ ec2: { fleet } }) =>
    fleet === null ? undefined : ["ec2.fleet.certificateArn", fleet.certificateArn !== undefined],
  "session-ecs": ({ ecs }) => (ecs === null ? undefined : ["ecs.certificateArn", ecs.certificateArn !== undefined]),
};

function findCookieLosses(id: string, deployed: StateFile, settings: Settings): Loss[] {
  const wanted = BEHIND_LOAD_BALANCER[id]?.(settings);
  const ports = deployed.all("aws_lb_listener").map(({ port }) => port);
  if (wanted === undefined || ports.length === 0) return [];
  const [key, https] = wanted;
  if (ports.includes(443) === https) return [];
  return [{ key, deployed: https ? "plain http" : "https", effect: ANOTHER_COOKIE }];
}

/** A load balancer that moves into the private subnets, or out of them, is another one. A domain name of one's own stays. */
function findHostLosses(id: string, deployed: StateFile, { ec2, ecs }: Settings): Loss[] {
  const wanted = { "session-ec2": ec2.fleet, "session-ecs": ecs }[id];
  const [loadBalancer] = deployed.all("aws_lb");
  if (!wanted || wanted.domainName !== undefined || loadBalancer === undefined) return [];
  if (loadBalancer.internal === wanted.internal) return [];
  const key = id === "session-ec2" ? "ec2.fleet.internal" : "ecs.internal";
  return [
    {
      key,
      deployed: `a load balancer ${loadBalancer.internal ? "with private addresses" : "on the internet"}`,
      effect: ANOTHER_HOST,
    },
  ];
}
