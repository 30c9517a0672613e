import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import { type ISecurityGroup, openPort, type Peer, Port, SecurityGroup } from "../connections";
import { checkId, connectionLimit, hasDisks } from "../elasticache";
import { buildName, NameLimits } from "../naming";
import { useProvider } from "../stack/provider";
import { checkProps, ValidationError } from "../validation";
import { type Access, grantAccess } from "./access";
import { RedisScaling, scaledArguments } from "./autoscaling";
import { memberIds } from "./availability";
import { connectionVariables } from "./connection";
import type { ConnectingRole, IRedisCluster, RedisEndpoint, RedisUser } from "./contract";
import type { RedisEngine } from "./engine";
import { engineUpkeep } from "./engine-upkeep";
import { ExistingRedis, type ExistingRedisProps } from "./existing-redis";
import { logDelivery } from "./log-delivery";
import type { Login } from "./login";
import { ParameterGroup } from "./parameter-group";
import { REDIS_CLUSTER_PROPS, type RedisClusterProps } from "./props";
import { type ResolvedProps, resolveProps } from "./resolve-props";
import { checkAccessString } from "./validation";

/**
 * A cache has taken more than the provider's 60 minutes to make (hashicorp/terraform-provider-aws#33011). For a change, the
 * provider waits 40: nodes that copy much data, and slots that move, take longer than that. To delete one, it waits 45.
 */
const TIMEOUTS = { create: "90m", update: "180m", delete: "60m" };

/**
 * A replication group for sessions: encrypted at rest and in transit, reached only from peers that are named, by a user
 * that logs in by IAM and may do no more than the app does. With `shards`, in cluster mode.
 *
 * @throws when props contradict each other, or ElastiCache does not take a value.
 */
export class RedisCluster extends Construct implements IRedisCluster {
  /**
   * A cache that is there already: rules are added to its security group so that peers may connect, nothing else of it
   * is touched.
   *
   * @throws when the host, an ARN or the group's id is malformed, or IAM is used without TLS.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingRedisProps): IRedisCluster {
    return new ExistingRedis(scope, id, props);
  }

  readonly securityGroup: ISecurityGroup;
  readonly endpoint: RedisEndpoint;
  /**
   * Leads to the replicas, and spreads connections over them: for reads that may lag behind. Sessions are read at `endpoint`.
   * Undefined in cluster mode, where clients find replicas by the configuration endpoint; without replicas it leads to the primary.
   */
  readonly readerEndpoint: RedisEndpoint | undefined;
  /** The cache in the environment contract's variables, by REDIS_URL where the mode allows it. */
  readonly connection: EnvironmentVariables;
  /** The same by REDIS_CLUSTER_ENDPOINT, whatever the mode. */
  readonly connectionByEndpoint: EnvironmentVariables;

  /** Id of the replication group; lower case and known at synth. */
  readonly cacheId: string;
  /** The engine of the cache. */
  readonly engine: RedisEngine;
  /** Size of each node. */
  readonly nodeType: string;
  /** Client connections that each node takes, by its type. */
  readonly connectionLimit: number;
  /** Copies of each primary. */
  readonly replicas: number;
  /**
   * Ids of all nodes, primaries included, `<cacheId>-001` or `<cacheId>-0001-001`: what metrics are published under. With
   * scaling, those there are at first.
   */
  readonly members: readonly string[];
  /** Whether ElastiCache adds and removes nodes by itself. */
  readonly scales: boolean;
  /** ARNs of the replication group and of the users made for it. */
  readonly arns: readonly [string, ...string[]];
  /** What waits for the cache to stand. */
  readonly dependables: readonly ITerraformDependable[];

  readonly #login: Login;
  readonly #addUser: (key: string, accessString: string) => Login;
  readonly #clusterMode: boolean;

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
    this.cacheId = this.#cacheId(cluster);
    this.members = memberIds(this.cacheId, cluster);
    this.#clusterMode = cluster.clusterMode;

    this.securityGroup =
      cluster.securityGroup ??
      new SecurityGroup(this, "security-group", {
        network: cluster.network,
        description: "Cache of a session store: its port, from named peers only",
      });
    const access = grantAccess(this, { ...cluster, cacheId: this.cacheId });
    const group = this.#createReplicationGroup(cluster, access);
    this.arns = [group.arn, ...access.arns];
    this.dependables = [group];
    const host = cluster.clusterMode ? group.configurationEndpointAddress : group.primaryEndpointAddress;
    this.endpoint = { host, port: this.engine.port };
    this.readerEndpoint = cluster.clusterMode
      ? undefined
      : { host: group.readerEndpointAddress, port: this.engine.port };
    this.#login = access.loginTo(group.arn);
    this.#addUser = (key, accessString) => access.addUser?.(key, accessString, group.arn) ?? this.#refuseUser(key);
    const variables = connectionVariables(this.endpoint, { clusterMode: cluster.clusterMode, tls: true }, this.#login);
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
   * One more user of the cache, by IAM, with rights of its own; where nobody logs in, there is none to make.
   *
   * @param key - last part of the user's name.
   * @param accessString - what it may do, by the cache's mode, in ElastiCache's own order.
   * @throws when the cache uses an existing user group.
   */
  addUser(key: string, accessString: (mode: "single" | "cluster") => string): RedisUser {
    const rights = accessString(this.#clusterMode ? "cluster" : "single");
    checkAccessString(this, rights);
    const login = this.#addUser(key, rights);
    const { connection } = connectionVariables(this.endpoint, { clusterMode: this.#clusterMode, tls: true }, login);
    return {
      connection,
      connectionLimit: this.connectionLimit,
      allowFrom: (peer) => this.allowFrom(peer),
      grantConnect: (role) => login.grantTo(role),
    };
  }

  #refuseUser(key: string): never {
    throw new ValidationError(this, {
      what: "addUser",
      got: key,
      allowed: "a cache whose users this module keeps",
      fix: "leave existingUserGroup out",
    });
  }

  /**
   * ElastiCache keeps ids in lower case, and an IAM token for another spelling is refused. Another mode is another id: a
   * change of the id alone makes Terraform replace the group, where it would try, and fail, to change it in place.
   */
  #cacheId({ clusterMode }: ResolvedProps): string {
    const suffix = clusterMode ? "shards" : undefined;
    const cacheId = buildName(this, NameLimits.REPLICATION_GROUP, suffix).toLowerCase();
    checkId(this, NameLimits.REPLICATION_GROUP.what, cacheId);
    return cacheId;
  }

  #createReplicationGroup(cluster: ResolvedProps, access: Access): ElasticacheReplicationGroup {
    const { nodeType, autoMinorVersionUpgrade, scaling } = cluster;
    const { postcondition, ignoreChanges, ...engine } = engineUpkeep(cluster.engine, autoMinorVersionUpgrade);
    return new ElasticacheReplicationGroup(this, "replication-group", {
      replicationGroupId: this.cacheId,
      description: "Session store",
      ...engine,
      nodeType,
      // Said in both cases: left out, the provider keeps what was, and ElastiCache refuses the other kind of node.
      ...(!Token.isUnresolved(nodeType) && { dataTieringEnabled: hasDisks(nodeType) }),
      port: this.engine.port,
      parameterGroupName: new ParameterGroup(this, "parameters", cluster).name,
      ...this.#placement(cluster),
      ...this.#protection(cluster, access),
      ...this.#upkeep(cluster),
      lifecycle: {
        // The mode is decided when the group is made: only a group that began without TLS ever has another, and where AWS
        // does not report it (the provider reads it from a member) each plan would show a change.
        // And a snapshot is what a group began with: another one, or none any more, would replace it.
        ignoreChanges: ["transit_encryption_mode", "snapshot_name", ...ignoreChanges, ...scaledArguments(scaling)],
        ...(postcondition && { postcondition }),
      },
      timeouts: TIMEOUTS,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
  }

  #placement({ network, shards, replicas, automaticFailover, multiAz }: ResolvedProps) {
    const subnetGroup = new ElasticacheSubnetGroup(this, "subnet-group", {
      name: buildName(this, NameLimits.CACHE_SUBNET_GROUP).toLowerCase(),
      description: "Private subnets of a session store",
      subnetIds: network.privateSubnets.map((subnet) => subnet.subnetId),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    return {
      subnetGroupName: subnetGroup.name,
      securityGroupIds: [this.securityGroup.id],
      // The two forms exclude each other.
      ...(shards === undefined
        ? { numCacheClusters: replicas + 1 }
        : { clusterMode: "enabled", numNodeGroups: shards, replicasPerNodeGroup: replicas }),
      automaticFailoverEnabled: automaticFailover,
      multiAzEnabled: multiAz,
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
