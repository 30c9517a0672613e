import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { Fn, type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import { type ISecurityGroup, openPort, type Peer, Port, SecurityGroup } from "../connections";
import { checkId, connectionLimit, hasDisks } from "../elasticache";
import { buildName, NameLimits } from "../naming";
import { useProvider } from "../stack/provider";
import { checkProps } from "../validation";
import { type Access, grantAccess } from "./access";
import { RedisScaling, scaledArguments } from "./autoscaling";
import { numberNodes } from "./availability";
import { ClusterMode, clusterModeConditions, protocolRights } from "./cluster-mode";
import { type ConnectionMode, connectionVariables } from "./connection";
import type { ConnectingRole, IRedisCluster, RedisEndpoint, RedisUser } from "./contract";
import type { RedisEngine } from "./engine";
import { engineUpkeep } from "./engine-upkeep";
import { ExistingRedis, type ExistingRedisProps } from "./existing-redis";
import { logDelivery } from "./log-delivery";
import type { Login } from "./login";
import { networkTypeArguments } from "./network-type";
import { ParameterGroup } from "./parameter-group";
import { REDIS_CLUSTER_PROPS, type RedisClusterProps } from "./props";
import { type ResolvedProps, resolveProps } from "./resolve-props";
import { checkAccessString } from "./validation";

/**
 * The creation of a cache has taken more than the provider's 60 minutes (hashicorp/terraform-provider-aws#33011). For a change, the
 * provider waits 40 minutes. Nodes that copy much data, and slots that move, take longer. For a deletion, it waits 45 minutes.
 */
const TIMEOUTS = { create: "90m", update: "180m", delete: "60m" };

/**
 * A replication group for sessions. It is encrypted at rest and in transit. Only peers that `allowFrom` names reach it, and its user
 * logs in by IAM, with permission for the app's commands alone. `clusterMode` and `shards` divide it into shards.
 *
 * @throws when props contradict each other, or ElastiCache does not accept a value.
 */
export class RedisCluster extends Construct implements IRedisCluster {
  /**
   * An existing cache. Peers that connect add rules to its security group; nothing else of it changes.
   *
   * @throws when the host, an ARN or the group's id is malformed, or IAM is used without TLS.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingRedisProps): IRedisCluster {
    return new ExistingRedis(scope, id, props);
  }

  readonly securityGroup: ISecurityGroup;
  readonly endpoint: RedisEndpoint;
  /**
   * Address of the replicas, for reads that may lag behind. It spreads connections over them. The app reads sessions at `endpoint`.
   * Undefined with the cluster protocol, where clients find replicas by the configuration endpoint. Without replicas it is the
   * primary's.
   */
  readonly readerEndpoint: RedisEndpoint | undefined;
  /** The environment contract's variables for the cache, with REDIS_URL, or REDIS_CLUSTER_ENDPOINT with the cluster protocol. */
  readonly connection: EnvironmentVariables;
  /** The same with REDIS_CLUSTER_ENDPOINT, with either protocol. */
  readonly connectionByEndpoint: EnvironmentVariables;

  /** Whether the cache has shards, or is on the way there. */
  readonly clusterMode: ClusterMode;
  /** Id of the replication group, in lower case. In mode `enabled` a reference to it, because an earlier version named it otherwise. */
  readonly cacheId: string;
  /** The engine of the cache. */
  readonly engine: RedisEngine;
  /** Node type, the size of each node. */
  readonly nodeType: string;
  /** The most client connections of each node, by its type. */
  readonly connectionLimit: number;
  /** Replicas of each primary. */
  readonly replicas: number;
  /**
   * Ids of all nodes, primaries included: `<cacheId>-001`. Metrics have them as dimension. In mode `enabled` references to the ids that
   * ElastiCache reports, because AWS does not document the ids of a cache that came from mode `disabled`. With scaling, the ids
   * of the first nodes.
   */
  readonly members: readonly string[];
  /** Numbers of the nodes in the order of `members`: `001`, or `0001-001` in mode `enabled`. Parts of the addresses of alarms. */
  readonly nodeNumbers: readonly string[];
  /** Whether ElastiCache adds and removes nodes by itself. */
  readonly scales: boolean;
  /** ARNs of the replication group and of its new users. */
  readonly arns: readonly [string, ...string[]];
  /** Resources that a dependent waits for, so that the cache exists. */
  readonly dependables: readonly ITerraformDependable[];

  readonly #login: Login;
  readonly #addUser: (key: string, accessString: string) => Login;
  readonly #clusterProtocol: boolean;

  constructor(scope: Construct, id: string, props: RedisClusterProps) {
    super(scope, id);
    checkProps(this, props, REDIS_CLUSTER_PROPS);
    useProvider(this, props);
    const cluster = resolveProps(this, props);
    this.engine = cluster.engine;
    this.nodeType = cluster.nodeType;
    this.connectionLimit = connectionLimit(cluster.nodeType);
    this.replicas = cluster.replicas;
    this.scales = cluster.scaling !== undefined;
    const cacheId = this.#buildCacheId();
    this.clusterMode = cluster.clusterMode;
    this.nodeNumbers = numberNodes(cluster);
    this.#clusterProtocol = cluster.clusterProtocol;

    this.securityGroup =
      cluster.securityGroup ??
      new SecurityGroup(this, "security-group", {
        network: cluster.network,
        description: "Cache of a session store: its port, from named peers only",
      });
    const access = grantAccess(this, { ...cluster, protocol: protocolRights(cluster.clusterMode) });
    const group = this.#createReplicationGroup(cacheId, cluster, access);
    const isEnabled = cluster.clusterMode === ClusterMode.ENABLED;
    this.cacheId = isEnabled ? group.replicationGroupId : cacheId;
    this.members = this.nodeNumbers.map((number, index) =>
      isEnabled ? Token.asString(Fn.element(Fn.sort(group.memberClusters), index)) : `${cacheId}-${number}`,
    );
    this.arns = [group.arn, ...access.arns];
    this.dependables = [group];
    const host = this.#clusterProtocol ? group.configurationEndpointAddress : group.primaryEndpointAddress;
    this.endpoint = { host, port: this.engine.port };
    this.readerEndpoint = this.#clusterProtocol
      ? undefined
      : { host: group.readerEndpointAddress, port: this.engine.port };
    const identity = { arn: group.arn, cacheId: this.cacheId };
    this.#login = access.loginTo(identity);
    this.#addUser = (key, accessString) => access.addUser(key, accessString, identity);
    const variables = connectionVariables(this.endpoint, this.#connectionMode(), this.#login);
    this.connection = variables.connection;
    this.connectionByEndpoint = variables.connectionByEndpoint;
    if (cluster.scaling !== undefined) {
      new RedisScaling(this, "scaling", { ...cluster.scaling, replicationGroupId: group.replicationGroupId });
    }
  }

  allowFrom(peer: Peer): ITerraformDependable[] {
    return openPort(peer, this, Port.tcp(this.engine.port), "Sessions in Redis");
  }

  grantConnect(role: ConnectingRole): ITerraformDependable[] {
    return this.#login.grantTo(role);
  }

  /**
   * Adds a user of the cache that logs in by IAM, with permissions of its own. A cache without a login gets no user.
   *
   * @param key - last part of the user's name.
   * @param accessString - the user's access string for clients of one node, or for those with the cluster protocol, in the order in
   * which ElastiCache returns it.
   * @throws when the cache uses an existing user group.
   */
  addUser(key: string, accessString: (mode: "single" | "cluster") => string): RedisUser {
    const rights = accessString(protocolRights(this.clusterMode));
    checkAccessString(this, rights);
    const login = this.#addUser(key, rights);
    const { connection } = connectionVariables(this.endpoint, this.#connectionMode(), login);
    return {
      connection,
      connectionLimit: this.connectionLimit,
      allowFrom: (peer) => this.allowFrom(peer),
      grantConnect: (role) => login.grantTo(role),
    };
  }

  #connectionMode(): ConnectionMode {
    return { clusterMode: this.#clusterProtocol, tls: true };
  }

  /** ElastiCache stores ids in lower case, and refuses an IAM token for another spelling. The id is the same in each cluster mode. */
  #buildCacheId(): string {
    const cacheId = buildName(this, NameLimits.REPLICATION_GROUP).toLowerCase();
    checkId(this, NameLimits.REPLICATION_GROUP.what, cacheId);
    return cacheId;
  }

  #createReplicationGroup(cacheId: string, cluster: ResolvedProps, access: Access): ElasticacheReplicationGroup {
    const { nodeType, clusterMode, autoMinorVersionUpgrade, scaling } = cluster;
    const { postcondition = [], ignoreChanges, ...engine } = engineUpkeep(cluster.engine, autoMinorVersionUpgrade);
    const conditions = [...postcondition, ...clusterModeConditions(cluster)];
    return new ElasticacheReplicationGroup(this, "replication-group", {
      replicationGroupId: cacheId,
      description: "Session store",
      ...engine,
      nodeType,
      // Set in both cases: without it, the provider keeps the former value, and ElastiCache refuses the other kind of node.
      ...(!Token.isUnresolved(nodeType) && { dataTieringEnabled: hasDisks(nodeType) }),
      port: this.engine.port,
      parameterGroupName: new ParameterGroup(this, "parameters", cluster).name,
      ...this.#placement(cluster),
      ...this.#protection(cluster, access),
      ...this.#upkeep(cluster),
      lifecycle: {
        // transit_encryption_mode: only a group that was created without TLS ever has another mode. The provider reads the mode from
        // a member, and where AWS does not report it, each plan would show a change.
        // snapshot_name: ElastiCache reads it at creation alone. A change of it would replace the group.
        ignoreChanges: [
          "transit_encryption_mode",
          "snapshot_name",
          // Earlier versions named a cache with shards `<name>-shards`. Such a cache keeps its id: another one would replace it.
          ...(clusterMode === ClusterMode.ENABLED ? ["replication_group_id"] : []),
          ...ignoreChanges,
          ...scaledArguments(scaling),
        ],
        ...(conditions.length > 0 && { postcondition: conditions }),
      },
      timeouts: TIMEOUTS,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
  }

  #placement(cluster: ResolvedProps) {
    const { network, clusterMode, shards, replicas, automaticFailover, multiAz } = cluster;
    const subnetGroup = new ElasticacheSubnetGroup(this, "subnet-group", {
      name: buildName(this, NameLimits.CACHE_SUBNET_GROUP).toLowerCase(),
      description: "Private subnets of a session store",
      subnetIds: network.privateSubnets.map((subnet) => subnet.subnetId),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    return {
      subnetGroupName: subnetGroup.name,
      securityGroupIds: [this.securityGroup.id],
      // Always set: without it, the provider keeps the former mode.
      clusterMode,
      // The two forms exclude each other. The provider reads both, so a change between them alone is no change.
      ...(shards === undefined
        ? { numCacheClusters: replicas + 1 }
        : { numNodeGroups: shards, replicasPerNodeGroup: replicas }),
      automaticFailoverEnabled: automaticFailover,
      multiAzEnabled: multiAz,
      ...networkTypeArguments(cluster),
    };
  }

  #protection({ encryptionKey }: ResolvedProps, { userGroupId }: Access) {
    return {
      atRestEncryptionEnabled: "true",
      ...(encryptionKey && { kmsKeyId: encryptionKey.arn }),
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      ...(userGroupId && { userGroupIds: [userGroupId] }),
    };
  }

  #upkeep(cluster: ResolvedProps) {
    const { snapshotName, snapshotWindow, maintenanceWindow, finalSnapshotName, notificationTopic } = cluster;
    return {
      ...(snapshotName && { snapshotName }),
      // ElastiCache refuses a change of the log's delivery without it (hashicorp/terraform-provider-aws#49842).
      applyImmediately: true,
      logDeliveryConfiguration: logDelivery(this, cluster),
      snapshotRetentionLimit: cluster.snapshotRetentionDays,
      ...(snapshotWindow && { snapshotWindow }),
      ...(maintenanceWindow && { maintenanceWindow }),
      ...(finalSnapshotName && { finalSnapshotIdentifier: finalSnapshotName }),
      ...(notificationTopic && { notificationTopicArn: notificationTopic.arn }),
    };
  }
}
