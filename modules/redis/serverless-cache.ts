import {
  ElasticacheServerlessCache,
  type ElasticacheServerlessCacheConfig,
} from "@cdktf/provider-aws/lib/elasticache-serverless-cache";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import { type ISecurityGroup, openPort, type Peer, SecurityGroup } from "../connections";
import { checkId, MOST_CONNECTIONS } from "../elasticache";
import { buildName, NameLimits } from "../naming";
import { useProvider } from "../stack/provider";
import { checkProps } from "../validation";
import { type Access, grantAccess } from "./access";
import { connectionVariables } from "./connection";
import type { ConnectingRole, IRedisCluster, RedisEndpoint, RedisUser } from "./contract";
import type { EngineName } from "./engine";
import { ExistingRedis, type ExistingRedisProps } from "./existing-redis";
import type { Login } from "./login";
import { SERVERLESS_MODE, SERVERLESS_PORTS } from "./serverless-mode";
import { REDIS_SERVERLESS_CACHE_PROPS, type RedisServerlessCacheProps, type UsageLimits } from "./serverless-props";
import { type ResolvedServerlessProps, resolveServerlessProps } from "./serverless-validation";
import { checkAccessString } from "./validation";

/**
 * A serverless cache for sessions: ElastiCache Serverless scales it by load, without nodes. It is encrypted at rest and in transit.
 * Only peers that `allowFrom` names reach it, and its user logs in by IAM, with permission for the app's commands alone. Topologies
 * and apps take it in place of a `RedisCluster`.
 *
 * @throws when props contradict each other, or ElastiCache does not accept a value.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/WhatIs.deployment.html
 */
export class RedisServerlessCache extends Construct implements IRedisCluster {
  /**
   * An existing serverless cache. Peers that connect add rules to its security group; nothing else of it changes.
   *
   * @throws when the host, an ARN or the name is malformed, or of a cache of nodes.
   */
  static fromExisting(scope: Construct, id: string, props: Omit<ExistingRedisProps, "serverless">): IRedisCluster {
    return new ExistingRedis(scope, id, { ...props, serverless: true });
  }

  readonly securityGroup: ISecurityGroup;
  readonly endpoint: RedisEndpoint;
  /** Address for reads that may lag behind: the same host on port 6380. The app reads sessions at `endpoint`. */
  readonly readerEndpoint: RedisEndpoint;
  /** The environment contract's variables for the cache. */
  readonly connection: EnvironmentVariables;
  /** The same variables: a serverless cache has one form. */
  readonly connectionByEndpoint: EnvironmentVariables;

  /** Name of the cache; lower case and known at synth. Metrics have it as dimension. */
  readonly cacheId: string;
  /** Tells it from a cache of nodes. */
  readonly serverless = true;
  /** The engine of the cache. */
  readonly engine: EngineName;
  /** Limits of the stored data, in GB. */
  readonly dataStorageGb: UsageLimits;
  /** Limits of ElastiCache Processing Units a second. */
  readonly ecpuPerSecond: UsageLimits;
  /** The most client connections of the cache. */
  readonly connectionLimit = MOST_CONNECTIONS;
  /** ARNs of the cache and of its new users. */
  readonly arns: readonly [string, ...string[]];
  /** Resources that a dependent waits for, so that the cache exists. */
  readonly dependables: readonly ITerraformDependable[];

  readonly #access: Access;
  readonly #login: Login;

  constructor(scope: Construct, id: string, props: RedisServerlessCacheProps) {
    super(scope, id);
    checkProps(this, props, REDIS_SERVERLESS_CACHE_PROPS);
    useProvider(this, props);
    const resolved = resolveServerlessProps(this, props);
    this.engine = resolved.engine;
    this.dataStorageGb = resolved.dataStorageGb ?? {};
    this.ecpuPerSecond = resolved.ecpuPerSecond ?? {};
    this.cacheId = this.#buildCacheId();
    this.securityGroup =
      resolved.securityGroup ??
      new SecurityGroup(this, "security-group", {
        network: resolved.network,
        description: "Cache of a session store: its port, from named peers only",
      });
    this.#access = grantAccess(this, { ...resolved, protocol: "cluster", serverless: true });
    const cache = this.#createCache(resolved);
    this.arns = [cache.arn, ...this.#access.arns];
    this.dependables = [cache];
    const host = cache.endpoint.get(0).address;
    this.endpoint = { host, port: SERVERLESS_PORTS.first };
    this.readerEndpoint = { host: cache.readerEndpoint.get(0).address, port: SERVERLESS_PORTS.last };
    this.#login = this.#access.loginTo({ arn: cache.arn, cacheId: this.cacheId });
    const variables = connectionVariables(this.endpoint, SERVERLESS_MODE, this.#login);
    this.connection = variables.connection;
    this.connectionByEndpoint = variables.connectionByEndpoint;
  }

  allowFrom(peer: Peer): ITerraformDependable[] {
    return openPort(peer, this, SERVERLESS_PORTS, "Sessions in Redis");
  }

  grantConnect(role: ConnectingRole): ITerraformDependable[] {
    return this.#login.grantTo(role);
  }

  /**
   * Adds a user of the cache that logs in by IAM, with permissions of its own.
   *
   * @param key - last part of the user's name.
   * @param accessString - the user's access string for cluster mode, in the order in which ElastiCache returns it.
   * @throws when the cache uses an existing user group.
   */
  addUser(key: string, accessString: (mode: "single" | "cluster") => string): RedisUser {
    const rights = accessString("cluster");
    checkAccessString(this, rights);
    const login = this.#access.addUser(key, rights, { arn: this.arns[0], cacheId: this.cacheId });
    return {
      connection: connectionVariables(this.endpoint, SERVERLESS_MODE, login).connection,
      connectionLimit: this.connectionLimit,
      allowFrom: (peer) => this.allowFrom(peer),
      grantConnect: (role) => login.grantTo(role),
    };
  }

  /** ElastiCache stores names in lower case, and refuses an IAM token for another spelling. */
  #buildCacheId(): string {
    const cacheId = buildName(this, NameLimits.SERVERLESS_CACHE).toLowerCase();
    checkId(this, NameLimits.SERVERLESS_CACHE.what, cacheId);
    return cacheId;
  }

  #createCache(cache: ResolvedServerlessProps): ElasticacheServerlessCache {
    const { network, engine, majorEngineVersion, dailySnapshotTime, snapshotArns, encryptionKey } = cache;
    const { userGroupId } = this.#access;
    return new ElasticacheServerlessCache(this, "serverless-cache", {
      name: this.cacheId,
      description: "Session store",
      engine,
      majorEngineVersion,
      ...usageLimits(cache),
      subnetIds: network.privateSubnets.map((subnet) => subnet.subnetId),
      securityGroupIds: [this.securityGroup.id],
      ...(userGroupId && { userGroupId }),
      snapshotRetentionLimit: cache.snapshotRetentionDays,
      ...(dailySnapshotTime && { dailySnapshotTime }),
      ...(snapshotArns && { snapshotArnsToRestore: [...snapshotArns] }),
      ...(encryptionKey && { kmsKeyId: encryptionKey.arn }),
      lifecycle: {
        // snapshot_arns_to_restore: ElastiCache reads them at creation alone. subnet_ids: AWS cannot change them. The provider
        // would replace the cache for a change of either, and every session would be lost.
        ignoreChanges: ["snapshot_arns_to_restore", "subnet_ids"],
      },
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
  }
}

function usageLimits({
  dataStorageGb,
  ecpuPerSecond,
}: ResolvedServerlessProps): Pick<ElasticacheServerlessCacheConfig, "cacheUsageLimits"> {
  if (dataStorageGb === undefined && ecpuPerSecond === undefined) return {};
  return {
    cacheUsageLimits: [
      {
        ...(dataStorageGb && { dataStorage: [{ unit: "GB", ...toArguments(dataStorageGb) }] }),
        ...(ecpuPerSecond && { ecpuPerSecond: [toArguments(ecpuPerSecond)] }),
      },
    ],
  };
}

function toArguments({ min, max }: UsageLimits) {
  return { ...(min !== undefined && { minimum: min }), ...(max !== undefined && { maximum: max }) };
}
