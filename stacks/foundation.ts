import type { App } from "cdktf";
import {
  type EngineName,
  type ExistingNetworkProps,
  type INetwork,
  type IRedisCluster,
  Monitoring,
  type Nat,
  Network,
  RedisAlarms,
  RedisCluster,
  RedisEngine,
  RedisServerlessAlarms,
  RedisServerlessCache,
  SessionAlarms,
  SessionApp,
  SessionStack,
  type ZoneLetter,
} from "../modules";
import { DEFAULT_ENGINE, type Settings } from "../settings";
import { buildNamePrefix } from "./names";
import { blameSettings, omitUndefined, toEncryptionKey } from "./props";

/** Adds the output `redis_endpoint`. */
export function addRedisOutput(stack: SessionStack, { endpoint }: IRedisCluster): void {
  stack.output("redis_endpoint", "Address of Redis inside the VPC", `${endpoint.host}:${endpoint.port}`);
}

/** Adds the parts that all topologies share. @param nat - the topology's default; the setting `nat` overrides it */
export function addFoundation(app: App, id: string, settings: Settings, nat: Nat) {
  const { sessions, secretKeyVersion, alarms } = settings;
  const sessionMetrics = alarms?.sessionMetrics ?? false;
  const stack = addStack(app, id, settings);
  const network = addNetwork(stack, { ...settings, nat: settings.nat ?? nat });
  const monitoring = addMonitoring(stack, settings);
  const redis = addRedis(stack, network, settings, monitoring);
  const sessionApp = blameSettings(
    "sessions, secretKeyVersion",
    () => new SessionApp(stack, "app", { redis, sessions, secretKeyVersion, sessionMetrics }),
    { base: "" },
  );
  if (monitoring !== undefined && sessionMetrics) {
    new SessionAlarms(stack, "session-alarms", { app: sessionApp, monitoring });
  }
  return { stack, network, redis, sessionApp, monitoring };
}

/** See {@link addFoundation}. */
export type Foundation = ReturnType<typeof addFoundation>;

/** Adds the topic and dashboard for alarms; undefined if the settings turn alarms off. Each topology adds its own alarms. */
function addMonitoring(stack: SessionStack, { region, alarms }: Settings): Monitoring | undefined {
  if (alarms === null) return undefined;
  const { topicArn, dashboard, runbookUrl } = alarms;
  const props = {
    region,
    ...(topicArn !== undefined && { topic: { arn: topicArn } }),
    ...omitUndefined({ dashboard, runbookUrl }),
  };
  const names = { base: "alarms", renamed: { topic: "alarms.topicArn" } };
  return blameSettings("alarms", () => new Monitoring(stack, "monitoring", props), names);
}

/** Adds a cache with its alarms, or uses an existing one without alarms: its owner watches it. */
function addRedis(
  stack: SessionStack,
  network: INetwork,
  { redis, existingRedis, existingNetwork }: Settings,
  monitoring: Monitoring | undefined,
): IRedisCluster {
  if (existingRedis !== null) {
    return blameSettings(
      "existingRedis",
      () => RedisCluster.fromExisting(stack, "redis", omitUndefined(existingRedis)),
      { base: "existingRedis" },
    );
  }
  const zones = existingNetwork === null ? "availabilityZones" : "existingNetwork";
  const { serverless } = redis;
  if (serverless !== undefined) {
    return addServerlessCache(stack, { ...redis, serverless }, { network, monitoring, zones });
  }
  const { engine = DEFAULT_ENGINE, notificationTopicArn, serverless: _, ...cache } = redis;
  const props = {
    network,
    engine: blameSettings("redis.engine", () => parseEngine(engine)),
    ...toEncryptionKey(cache),
    ...(notificationTopicArn !== undefined && { notificationTopic: { arn: notificationTopicArn } }),
  };
  const cluster = blameSettings(`redis, ${zones}`, () => new RedisCluster(stack, "redis", props), {
    base: "redis",
    renamed: { encryptionKey: "redis.kmsKeyArn", notificationTopic: "redis.notificationTopicArn", network: zones },
  });
  if (monitoring !== undefined) new RedisAlarms(stack, "redis-alarms", { redis: cluster, monitoring });
  return cluster;
}

type CacheSettings = Settings["redis"];
type ServerlessSettings = CacheSettings & { readonly serverless: NonNullable<CacheSettings["serverless"]> };

interface Surroundings {
  readonly network: INetwork;
  readonly monitoring: Monitoring | undefined;
  /** The setting that decides the zones of the network. */
  readonly zones: string;
}

/** Adds a serverless cache with its alarms. It has the id of a cache of nodes, so that the users of the two are the same. */
function addServerlessCache(
  stack: SessionStack,
  { serverless, existingUserGroup, kmsKeyArn, snapshotRetentionDays }: ServerlessSettings,
  { network, monitoring, zones }: Surroundings,
): IRedisCluster {
  const [engine, majorEngineVersion] = serverless.engine.split("-") as [EngineName, string];
  const shared = toEncryptionKey({ existingUserGroup, kmsKeyArn, snapshotRetentionDays });
  const props = { network, ...omitUndefined(serverless), engine, majorEngineVersion, ...shared };
  const cache = blameSettings(`redis, ${zones}`, () => new RedisServerlessCache(stack, "redis", props), {
    base: "redis.serverless",
    renamed: {
      network: zones,
      majorEngineVersion: "redis.serverless.engine",
      existingUserGroup: "redis.existingUserGroup",
      snapshotRetentionDays: "redis.snapshotRetentionDays",
      encryptionKey: "redis.kmsKeyArn",
    },
  });
  if (monitoring !== undefined) new RedisServerlessAlarms(stack, "redis-alarms", { redis: cache, monitoring });
  return cache;
}

/** Parses an engine with its version, as in `valkey-8.0`. */
function parseEngine(name: string): RedisEngine {
  const [engine, version] = name.split("-") as [EngineName, string];
  return RedisEngine.of({ engine, version });
}

function addStack(app: App, id: string, settings: Settings): SessionStack {
  const { name, region, tags, stateBucket, securityGroupRules } = settings;
  const stateIn = stateBucket && {
    ...toEncryptionKey(stateBucket),
    keyPrefix: [...(stateBucket.keyPrefix ? [stateBucket.keyPrefix] : []), name].join("/"),
  };
  return blameSettings(
    "region, stateBucket",
    () =>
      new SessionStack(app, id, {
        region,
        namePrefix: buildNamePrefix(id, name),
        tags: { ...tags, Project: name },
        ...(securityGroupRules !== undefined && { rulesPerSecurityGroup: securityGroupRules }),
        ...(stateIn && { stateBucket: stateIn }),
      }),
    { base: "" },
  );
}

function addNetwork(stack: SessionStack, settings: Settings & { readonly nat: Nat }): INetwork {
  const { vpcCidr, availabilityZones, nat, subnetLayout, flowLog, existingNetwork, privateAwsAccess } = settings;
  if (existingNetwork !== null) {
    const existing: ExistingNetworkProps = { ...omitUndefined(existingNetwork), privateAwsAccess };
    return blameSettings("existingNetwork", () => Network.fromExisting(stack, "network", existing), {
      base: "existingNetwork",
    });
  }
  const zones = availabilityZones as ZoneLetter[] | undefined;
  const props = {
    cidr: vpcCidr,
    availabilityZones: zones,
    nat,
    subnetLayout,
    flowLog: flowLog && toEncryptionKey(flowLog),
  };
  return blameSettings(
    "vpcCidr, availabilityZones, nat, subnetLayout, flowLog",
    () => new Network(stack, "network", { ...omitUndefined(props), privateAwsAccess }),
    { base: "", renamed: { cidr: "vpcCidr", "flowLog.encryptionKey": "flowLog.kmsKeyArn" } },
  );
}
