import type { ISecurityGroup } from "../connections";
import { HAS_ARN, type HasArn } from "../has-arn";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, NUMBER, objectOf, objectWith, type PropTypes, recordOf, required, TEXT } from "../validation";
import { REDIS_SCALING_PROPS, type RedisScalingProps } from "./autoscaling";
import type { ClusterMode } from "./cluster-mode";
import type { RedisEngine } from "./engine";
import { PASSWORD_LOGIN, type PasswordLogin } from "./login";
import type { IpDiscovery, NetworkType } from "./network-type";

/** How clients authenticate to a cache. */
export const RedisAuth = {
  /** By IAM, as a user with permission for the app's commands on the app's keys, and for nothing else. */
  IAM: "iam",
  /**
   * No authentication: each client that the security group lets in can send every command, on every key. TLS stays on, so the
   * connection is encrypted. Meant for tools that cannot sign a token; a user group with a password is safer.
   */
  NONE: "none",
} as const;
export type RedisAuth = (typeof RedisAuth)[keyof typeof RedisAuth];

/** An existing user group. The password of its user is in Secrets Manager, and never in the Terraform state of this stack. */
export interface ExistingUserGroup extends PasswordLogin {
  /** Id of the group. */
  readonly userGroupId: string;
  /** Name, not id, of the user that the app logs in as. */
  readonly userName: string;
}

/** Types of the props of {@link ExistingUserGroup}. */
export const EXISTING_USER_GROUP: PropTypes<ExistingUserGroup> = {
  ...PASSWORD_LOGIN,
  userGroupId: required(TEXT),
  userName: required(TEXT),
};

/** The type of a prop that takes a security group. */
export const SECURITY_GROUP = objectWith(
  "a security group",
  "create a SecurityGroup, or take SecurityGroup.fromExisting",
  "id",
);

const ENGINE = objectWith(
  "a RedisEngine",
  'take RedisEngine.of({ engine: "valkey", version: "8.0" }), or one of its constants',
  "engine",
  "version",
  "family",
);

/** Properties of a {@link RedisCluster}. */
export interface RedisClusterProps extends ProviderProps {
  /** The network of the cache. The cache is in all of its private subnets. */
  readonly network: INetwork;

  /**
   * The security group of its nodes. Each peer that connects adds a rule to it. `SecurityGroup.fromExisting` takes an existing
   * group. Terraform changes the group in place.
   * @default - a new group
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * The engine and its version. A cache changes from Redis OSS to Valkey in place.
   * @default RedisEngine.REDIS_7_1
   */
  readonly engine?: RedisEngine;

  /**
   * Whether the cache has shards. A deployed cache changes from `disabled` to `compatible`, and from there to `enabled`, in place
   * and with its sessions, each in a deployment of its own. `compatible` needs a replica with automatic failover, and can be
   * taken back; `enabled` cannot. Create a new cache as `disabled` or `enabled`.
   *
   * @default - ClusterMode.ENABLED with `shards`, else ClusterMode.DISABLED
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/modify-cluster-mode.html
   */
  readonly clusterMode?: ClusterMode;

  /**
   * Whether `endpoint` and `connection` give clients the configuration endpoint and the cluster protocol. In mode `compatible` the
   * cache serves both protocols: set `true` in the deployment after the one that brings this mode, and before mode `enabled`.
   *
   * @default - true in mode `enabled` alone
   */
  readonly clusterProtocol?: boolean;

  /**
   * Number of shards, 1 to 500, in mode `enabled`. Each shard is a primary with its replicas. Shards and replicas can be added and
   * removed later, in place.
   *
   * @default - 1 in mode `enabled`, else none: one primary
   */
  readonly shards?: number;

  /**
   * Replicas of each primary, 0 to 5. With 0, the sessions on a node are lost when the node fails.
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Whether a replica takes over when the primary fails. Always on in the modes `compatible` and `enabled`.
   * @default - true with at least one replica
   */
  readonly automaticFailover?: boolean;

  /**
   * Whether the nodes are in different zones.
   * @default - true when failover is on and the network has two zones or more
   */
  readonly multiAz?: boolean;

  /**
   * Node type, the size of each node. `cache.r6gd` types also store data on local disks (data tiering). A change from or to them
   * replaces the cache, and **all sessions are lost**. Synthesis warns of a type that AWS did not list in November 2026.
   * @default "cache.t4g.micro"
   */
  readonly nodeType?: string;

  /**
   * Kinds of addresses of the nodes. A change replaces the cache, and **all sessions are lost**. To go back to `ipv4`, set it: without a
   * value, Terraform keeps the deployed one.
   * @default - ElastiCache's own, IPv4
   */
  readonly networkType?: NetworkType;

  /**
   * With dual stack, the kind of addresses that clients discover. A client that connects by the endpoint's name chooses by itself.
   * @default IpDiscovery.IPV4
   */
  readonly ipDiscovery?: IpDiscovery;

  /**
   * Lets ElastiCache add and remove shards or replicas by load.
   * @default - no scaling
   */
  readonly scaling?: RedisScalingProps;

  /**
   * The app's login.
   * @default RedisAuth.IAM
   */
  readonly auth?: RedisAuth;

  /**
   * An existing user group, in place of the IAM user.
   * @default - a new group, with the IAM user and a `default` user that is off
   */
  readonly existingUserGroup?: ExistingUserGroup;

  /**
   * Access string of the app's IAM user, in the order in which ElastiCache returns it: plans then show no difference.
   * @default - the commands the session app sends, on keys that begin with `session:`
   */
  readonly accessString?: string;

  /**
   * Engine parameters by name, added to `maxmemory-policy: volatile-lru`, which they can override.
   * @default - no other parameters
   */
  readonly parameters?: Readonly<Record<string, string>>;

  /**
   * Retention of daily snapshots in days, 0 to 35; 0 turns them off.
   * @default 1
   */
  readonly snapshotRetentionDays?: number;

  /**
   * Time of the daily snapshot, `hh:mm-hh:mm` in UTC, at least an hour.
   * @default - ElastiCache chooses
   */
  readonly snapshotWindow?: string;

  /**
   * Name of a snapshot that the cache starts from. It can be of another cache in the region. ElastiCache reads it when it creates
   * the cache; a later change of this prop has no effect.
   * @default - the cache starts empty
   */
  readonly snapshotName?: string;

  /**
   * Name of a snapshot that ElastiCache takes when the cache is destroyed. The next destroy needs another name.
   * @default - none, so that destroy and deploy can be repeated
   */
  readonly finalSnapshotName?: string;

  /**
   * Time of maintenance, `ddd:hh:mm-ddd:hh:mm` in UTC, from an hour to a day.
   * @default - ElastiCache chooses
   */
  readonly maintenanceWindow?: string;

  /**
   * Retention of slow log entries in days; one of the values that CloudWatch Logs accepts.
   * @default 14
   */
  readonly slowLogRetentionDays?: number;

  /**
   * Retention of the engine log in days; one of the values that CloudWatch Logs accepts.
   * @default - no engine log
   */
  readonly engineLogRetentionDays?: number;

  /**
   * Whether ElastiCache upgrades to newer minor versions by itself, in the maintenance window. With `true`, Terraform ignores the
   * version of `engine` from then on, and refuses a version that is newer than the cache's. Without that rule, Terraform would
   * replace an upgraded cache, and **all sessions would be lost**.
   * @default - true for an engine without a newer minor version, as Redis OSS 7.1
   */
  readonly autoMinorVersionUpgrade?: boolean;

  /**
   * KMS key that encrypts data at rest. A change of the key replaces the cache.
   * @default - ElastiCache's own key (service managed)
   */
  readonly encryptionKey?: HasArn;

  /**
   * SNS topic that receives notifications of failovers and maintenance.
   * @default - none
   */
  readonly notificationTopic?: HasArn;
}

/** Types of the props of {@link RedisClusterProps}. */
export const REDIS_CLUSTER_PROPS: PropTypes<RedisClusterProps> = {
  ...PROVIDER_PROPS,
  network: NETWORK,
  securityGroup: SECURITY_GROUP,
  engine: ENGINE,
  clusterMode: TEXT,
  clusterProtocol: BOOLEAN,
  shards: NUMBER,
  replicas: NUMBER,
  automaticFailover: BOOLEAN,
  multiAz: BOOLEAN,
  nodeType: TEXT,
  networkType: TEXT,
  ipDiscovery: TEXT,
  scaling: objectOf(REDIS_SCALING_PROPS),
  auth: TEXT,
  existingUserGroup: objectOf(EXISTING_USER_GROUP),
  accessString: TEXT,
  parameters: recordOf(TEXT),
  snapshotRetentionDays: NUMBER,
  snapshotWindow: TEXT,
  snapshotName: TEXT,
  finalSnapshotName: TEXT,
  maintenanceWindow: TEXT,
  slowLogRetentionDays: NUMBER,
  engineLogRetentionDays: NUMBER,
  autoMinorVersionUpgrade: BOOLEAN,
  encryptionKey: HAS_ARN,
  notificationTopic: HAS_ARN,
};
