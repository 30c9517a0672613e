import { ElasticacheReplicationGroup } from "@cdktf/provider-aws/lib/elasticache-replication-group";
import { ElasticacheSubnetGroup } from "@cdktf/provider-aws/lib/elasticache-subnet-group";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { accessString as accessStringFor } from "../../environment/redis-access";
import { openPort, type Peer, Port, SecurityGroup } from "../connections";
import { LogGroup } from "../logs";
import { keyOf, NameLimits, nameOf } from "../naming";
import { refused } from "../refused";
import { type Availability, type AvailabilityProps, availabilityOf, availabilityRefusal } from "./availability";
import type { ConnectingRole, IRedisCluster, RedisEndpoint } from "./contract";
import { RedisEngine } from "./engine";
import { ParameterGroup } from "./parameter-group";
import type { RedisClusterProps } from "./props";
import { Users } from "./users";
import { accessStringRefusal, idRefusal, nodeTypeRefusal, snapshotRefusal } from "./validation";
import { windowsRefusal } from "./windows";

/**
 * A replication group for sessions: encrypted at rest and in transit, reached only from peers that are named, by a user
 * that logs in by IAM and may do no more than the app does.
 *
 * @throws when props contradict each other, or hold what ElastiCache does not take.
 */
export class RedisCluster extends Construct implements IRedisCluster {
  readonly securityGroup: SecurityGroup;
  readonly endpoint: RedisEndpoint;
  readonly cacheId: string;
  readonly userName: string;

  /** What runs in the cache. */
  readonly engine: RedisEngine;
  /** How many nodes there are, the primary included. */
  readonly nodes: number;

  readonly #users: Users;
  readonly #arn: string;

  constructor(scope: Construct, id: string, props: RedisClusterProps) {
    super(scope, id);
    const availability = this.#workOut(props);
    this.#validate(props);
    this.engine = props.engine ?? RedisEngine.REDIS_7_1;
    this.nodes = availability.nodes;
    this.cacheId = this.#chooseCacheId();

    this.securityGroup = new SecurityGroup(this, "security-group", {
      network: props.network,
      description: "Cache of a session store: its port, from named peers only",
    });
    this.#users = new Users(this, "users", { accessString: props.accessString ?? accessStringFor("session:") });
    this.userName = this.#users.userName;

    const group = this.#createReplicationGroup(props, availability);
    this.#arn = group.arn;
    this.endpoint = { host: group.primaryEndpointAddress, port: this.engine.port };
  }

  allowFrom(peer: Peer): ITerraformDependable[] {
    return openPort(peer, this, Port.tcp(this.engine.port), "Sessions in Redis");
  }

  grantConnect(role: ConnectingRole): ITerraformDependable[] {
    // Below the role, not below the cache: the one who asks depends on the one who is asked, in another stack too.
    const id = `connect-${keyOf(this, role)}`;
    const existing = role.node.tryFindChild(id) as IamRolePolicy | undefined;
    const policy =
      existing ??
      new IamRolePolicy(role, id, {
        role: role.name,
        name: `connect-${this.cacheId}`,
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "elasticache:Connect", Resource: [this.#arn, this.#users.userArn] }],
        }),
      });
    return [policy];
  }

  #workOut({ network, replicas = 1, automaticFailover, multiAz }: RedisClusterProps): Availability {
    const asked: AvailabilityProps = { replicas, zones: network.privateSubnets.length, automaticFailover, multiAz };
    const refusal = availabilityRefusal(asked);
    if (refusal !== undefined) throw refused(this, refusal);
    return availabilityOf(asked);
  }

  #validate(props: RedisClusterProps): void {
    const { nodeType, accessString, snapshotRetentionDays, snapshotWindow, finalSnapshotName } = props;
    const refusal =
      (nodeType === undefined ? undefined : nodeTypeRefusal(nodeType)) ??
      (accessString === undefined ? undefined : accessStringRefusal(accessString)) ??
      (finalSnapshotName === undefined ? undefined : idRefusal("final snapshot name", finalSnapshotName)) ??
      snapshotRefusal(snapshotRetentionDays ?? 1, snapshotWindow) ??
      windowsRefusal({ maintenanceWindow: props.maintenanceWindow, snapshotWindow });
    if (refusal !== undefined) throw refused(this, refusal);
  }

  /** ElastiCache keeps ids in lower case, and an IAM token for another spelling is refused. */
  #chooseCacheId(): string {
    const cacheId = nameOf(this, NameLimits.REPLICATION_GROUP).toLowerCase();
    const refusal = idRefusal(NameLimits.REPLICATION_GROUP.what, cacheId);
    if (refusal !== undefined) throw refused(this, refusal);
    return cacheId;
  }

  #createReplicationGroup(props: RedisClusterProps, availability: Availability): ElasticacheReplicationGroup {
    return new ElasticacheReplicationGroup(this, "replication-group", {
      replicationGroupId: this.cacheId,
      description: "Session store",
      engine: this.engine.engine,
      engineVersion: this.engine.version,
      autoMinorVersionUpgrade: "true",
      nodeType: props.nodeType ?? "cache.t4g.micro",
      port: this.engine.port,
      parameterGroupName: this.#createParameterGroup(props),
      ...this.#placement(props, availability),
      ...this.#protection(props),
      ...this.#upkeep(props),
      // Decided when the group is made: only a group that began without TLS ever has another mode, and where AWS does
      // not report it (the provider reads it from a member) each plan would show a change.
      lifecycle: { ignoreChanges: ["transit_encryption_mode"] },
      tags: { Name: nameOf(this, NameLimits.TAG) },
    });
  }

  #createParameterGroup({ parameters = {} }: RedisClusterProps): string {
    return new ParameterGroup(this, "parameters", { engine: this.engine, parameters }).name;
  }

  #placement({ network }: RedisClusterProps, { nodes, automaticFailover, multiAz }: Availability) {
    const subnetGroup = new ElasticacheSubnetGroup(this, "subnet-group", {
      name: nameOf(this, NameLimits.CACHE_SUBNET_GROUP).toLowerCase(),
      description: "Private subnets of a session store",
      subnetIds: network.privateSubnets.map((subnet) => subnet.subnetId),
      tags: { Name: nameOf(this, NameLimits.TAG) },
    });
    return {
      subnetGroupName: subnetGroup.name,
      securityGroupIds: [this.securityGroup.id],
      numCacheClusters: nodes,
      automaticFailoverEnabled: automaticFailover,
      multiAzEnabled: multiAz,
    };
  }

  #protection({ encryptionKey }: RedisClusterProps) {
    return {
      atRestEncryptionEnabled: "true",
      ...(encryptionKey && { kmsKeyId: encryptionKey.arn }),
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      userGroupIds: [this.#users.groupId],
    };
  }

  #upkeep(props: RedisClusterProps) {
    const { snapshotWindow, maintenanceWindow, finalSnapshotName, notificationTopic } = props;
    const slowLog = new LogGroup(this, "slow-log", {
      folder: "/aws/elasticache/",
      retentionDays: props.slowLogRetentionDays ?? 14,
    });
    return {
      // ElastiCache refuses a change of the log's delivery without it (hashicorp/terraform-provider-aws#49842).
      applyImmediately: true,
      logDeliveryConfiguration: [
        { logType: "slow-log", logFormat: "json", destinationType: "cloudwatch-logs", destination: slowLog.name },
      ],
      snapshotRetentionLimit: props.snapshotRetentionDays ?? 1,
      ...(snapshotWindow && { snapshotWindow }),
      ...(maintenanceWindow && { maintenanceWindow }),
      ...(finalSnapshotName && { finalSnapshotIdentifier: finalSnapshotName }),
      ...(notificationTopic && { notificationTopicArn: notificationTopic.arn }),
    };
  }
}
