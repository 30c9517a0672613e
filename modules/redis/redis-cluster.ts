import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { type ITerraformDependable, Token } from "cdktf";
import { Construct } from "constructs";
import type { EnvironmentVariables } from "../../environment";
import { openPort, type Peer, Port, SecurityGroup } from "../connections";
import { arnsRefusal, hasDisks, idRefusal, nodeTypeRefusal, windowsRefusal } from "../elasticache";
import { NameLimits, nameOf } from "../naming";
import { refused } from "../refused";
import { regionOf } from "../stack/region";
import { type Access, accessOf } from "./access";
import { RedisScaling, scaledArguments, scalingRefusal } from "./autoscaling";
import { type Availability, availabilityOf, availabilityRefusal, membersOf } from "./availability";
import { connectionOf } from "./connection";
import type { ConnectingRole, IRedisCluster, RedisEndpoint, RedisUser } from "./contract";
import { RedisEngine } from "./engine";
import { engineUpkeep } from "./engine-upkeep";
import { ExistingRedis, type ExistingRedisProps } from "./existing-redis";
import { logDelivery } from "./log-delivery";
import type { Login } from "./login";
import { ParameterGroup } from "./parameter-group";
import type { RedisClusterProps } from "./props";
import { accessStringRefusal, authRefusal, snapshotRefusal } from "./validation";

const DEFAULT_NODE_TYPE = "cache.t4g.micro";

/**
 * A cache has taken more than the provider's 60 minutes to make (hashicorp/terraform-provider-aws#33011). For a change, the
 * provider waits 40: nodes that copy much data, and slots that move, take longer than that. To delete one, it waits 45.
 */
const TIMEOUTS = { create: "90m", update: "180m", delete: "60m" };

/**
 * A replication group for sessions: encrypted at rest and in transit, reached only from peers that are named, by a user
 * that logs in by IAM and may do no more than the app does. With `shards`, in cluster mode.
 *
 * @throws when props contradict each other, or hold what ElastiCache does not take.
 */
export class RedisCluster extends Construct implements IRedisCluster {
  /**
   * A cache that is there already: rules are added to its security group so that peers may connect, nothing else of it
   * is touched.
   *
   * @throws when what is told of it contradicts itself.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingRedisProps): IRedisCluster {
    return new ExistingRedis(scope, id, props);
  }

  readonly securityGroup: SecurityGroup;
  readonly endpoint: RedisEndpoint;
  /** The cache in the environment contract's variables, by REDIS_URL where the mode allows it. */
  readonly connection: EnvironmentVariables;
  /** The same by REDIS_CLUSTER_ENDPOINT, whatever the mode. */
  readonly connectionByEndpoint: EnvironmentVariables;

  /** Id of the replication group; lower case and known at synth. */
  readonly cacheId: string;
  /** What runs in the cache. */
  readonly engine: RedisEngine;
  /** Size of each node. */
  readonly nodeType: string;
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
    const availability = this.#workOut(props);
    this.#validate(props, availability);
    this.engine = props.engine ?? RedisEngine.REDIS_7_1;
    this.nodeType = props.nodeType ?? DEFAULT_NODE_TYPE;
    this.replicas = availability.replicas;
    this.scales = props.scaling !== undefined;
    this.cacheId = this.#chooseCacheId(availability);
    this.members = membersOf(this.cacheId, availability);
    const clusterMode = availability.shards !== undefined;

    this.securityGroup = new SecurityGroup(this, "security-group", {
      network: props.network,
      description: "Cache of a session store: its port, from named peers only",
    });
    const access = accessOf(this, { ...props, clusterMode, cacheId: this.cacheId });
    const group = this.#createReplicationGroup(props, availability, access);
    this.arns = [group.arn, ...access.arns];
    this.dependables = [group];
    const host = clusterMode ? group.configurationEndpointAddress : group.primaryEndpointAddress;
    this.endpoint = { host, port: this.engine.port };
    this.#login = access.loginTo(group.arn);
    this.#clusterMode = clusterMode;
    this.#addUser = (key, accessString) => access.addUser?.(key, accessString, group.arn) ?? this.#refuseUser(key);
    const variables = connectionOf(this.endpoint, { clusterMode, tls: true }, this.#login);
    this.connection = variables.connection;
    this.connectionByEndpoint = variables.connectionByEndpoint;
    if (props.scaling !== undefined) {
      new RedisScaling(this, "scaling", { ...props.scaling, replicationGroupId: group.replicationGroupId });
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
   * @throws when the cache's users are those of a group that was there before.
   */
  addUser(key: string, accessString: (mode: "single" | "cluster") => string): RedisUser {
    const rights = accessString(this.#clusterMode ? "cluster" : "single");
    const refusal = accessStringRefusal(rights);
    if (refusal !== undefined) throw refused(this, refusal);
    const login = this.#addUser(key, rights);
    const manner = { clusterMode: this.#clusterMode, tls: true };
    return {
      connection: connectionOf(this.endpoint, manner, login).connection,
      allowFrom: (peer) => this.allowFrom(peer),
      grantConnect: (role) => login.grantTo(role),
    };
  }

  #refuseUser(key: string): never {
    throw refused(this, {
      what: "addUser",
      got: key,
      allowed: "a cache whose users this module keeps",
      fix: "leave existingUserGroup out",
    });
  }

  #workOut({ network, shards, replicas = 1, automaticFailover, multiAz }: RedisClusterProps): Availability {
    const asked = { shards, replicas, zones: network.privateSubnets.length, automaticFailover, multiAz };
    const refusal = availabilityRefusal(asked);
    if (refusal !== undefined) throw refused(this, refusal);
    return availabilityOf(asked);
  }

  #validate(props: RedisClusterProps, availability: Availability): void {
    const { nodeType = DEFAULT_NODE_TYPE, accessString, finalSnapshotName, scaling } = props;
    const { snapshotRetentionDays = 1, snapshotWindow, maintenanceWindow } = props;
    const refusal =
      nodeTypeRefusal(nodeType) ??
      arnsRefusal(props, regionOf(this)) ??
      authRefusal(props) ??
      (accessString === undefined ? undefined : accessStringRefusal(accessString)) ??
      (finalSnapshotName === undefined ? undefined : idRefusal("final snapshot name", finalSnapshotName)) ??
      snapshotRefusal(snapshotRetentionDays, snapshotWindow) ??
      windowsRefusal({ maintenanceWindow, snapshotWindow }) ??
      (scaling === undefined ? undefined : scalingRefusal(scaling, { ...availability, nodeType }));
    if (refusal !== undefined) throw refused(this, refusal);
  }

  /**
   * ElastiCache keeps ids in lower case, and an IAM token for another spelling is refused. Another mode is another id: a
   * change of the id alone makes Terraform replace the group, where it would try, and fail, to change it in place.
   */
  #chooseCacheId({ shards }: Availability): string {
    const suffix = shards === undefined ? undefined : "shards";
    const cacheId = nameOf(this, NameLimits.REPLICATION_GROUP, suffix).toLowerCase();
    const refusal = idRefusal(NameLimits.REPLICATION_GROUP.what, cacheId);
    if (refusal !== undefined) throw refused(this, refusal);
    return cacheId;
  }

  #createReplicationGroup(
    props: RedisClusterProps,
    availability: Availability,
    access: Access,
  ): ElasticacheReplicationGroup {
    const { postcondition, ignoreChanges, ...engine } = engineUpkeep(this.engine, props.autoMinorVersionUpgrade);
    return new ElasticacheReplicationGroup(this, "replication-group", {
      replicationGroupId: this.cacheId,
      description: "Session store",
      ...engine,
      nodeType: this.nodeType,
      // Said in both cases: left out, the provider keeps what was, and ElastiCache refuses the other kind of node.
      ...(!Token.isUnresolved(this.nodeType) && { dataTieringEnabled: hasDisks(this.nodeType) }),
      port: this.engine.port,
      parameterGroupName: this.#createParameterGroup(props),
      ...this.#placement(props, availability),
      ...this.#protection(props, access),
      ...this.#upkeep(props),
      lifecycle: {
        // The mode is decided when the group is made: only a group that began without TLS ever has another, and where AWS
        // does not report it (the provider reads it from a member) each plan would show a change.
        // And a snapshot is what a group began with: another one, or none any more, would replace it.
        ignoreChanges: [
          "transit_encryption_mode",
          "snapshot_name",
          ...ignoreChanges,
          ...scaledArguments(props.scaling),
        ],
        ...(postcondition && { postcondition }),
      },
      timeouts: TIMEOUTS,
      tags: { Name: nameOf(this, NameLimits.TAG) },
    });
  }

  #createParameterGroup({ parameters = {}, shards }: RedisClusterProps): string {
    const clusterMode = shards !== undefined;
    return new ParameterGroup(this, "parameters", {
      engine: this.engine,
      nodeType: this.nodeType,
      parameters,
      clusterMode,
    }).name;
  }

  #placement({ network }: RedisClusterProps, { shards, replicas, automaticFailover, multiAz }: Availability) {
    const subnetGroup = new ElasticacheSubnetGroup(this, "subnet-group", {
      name: nameOf(this, NameLimits.CACHE_SUBNET_GROUP).toLowerCase(),
      description: "Private subnets of a session store",
      subnetIds: network.privateSubnets.map((subnet) => subnet.subnetId),
      tags: { Name: nameOf(this, NameLimits.TAG) },
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

  #protection({ encryptionKey }: RedisClusterProps, { userGroupId }: Access) {
    return {
      atRestEncryptionEnabled: "true",
      ...(encryptionKey && { kmsKeyId: encryptionKey.arn }),
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      ...(userGroupId && { userGroupIds: [userGroupId] }),
    };
  }

  #upkeep(props: RedisClusterProps) {
    const { snapshotName, snapshotWindow, maintenanceWindow, finalSnapshotName, notificationTopic } = props;
    return {
      ...(snapshotName && { snapshotName }),
      // ElastiCache refuses a change of the log's delivery without it (hashicorp/terraform-provider-aws#49842).
      applyImmediately: true,
      logDeliveryConfiguration: logDelivery(this, {
        slowLogRetentionDays: props.slowLogRetentionDays ?? 14,
        engineLogRetentionDays: props.engineLogRetentionDays,
      }),
      snapshotRetentionLimit: props.snapshotRetentionDays ?? 1,
      ...(snapshotWindow && { snapshotWindow }),
      ...(maintenanceWindow && { maintenanceWindow }),
      ...(finalSnapshotName && { finalSnapshotIdentifier: finalSnapshotName }),
      ...(notificationTopic && { notificationTopicArn: notificationTopic.arn }),
    };
  }
}
