import type { ISecurityGroup } from "../connections";
import { HAS_ARN, type HasArn } from "../has-arn";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, NUMBER, objectOf, objectWith, type PropTypes, recordOf, required, TEXT } from "../validation";
import { REDIS_SCALING_PROPS, type RedisScalingProps } from "./autoscaling";
import type { RedisEngine } from "./engine";
import { PASSWORD_LOGIN, type PasswordLogin } from "./login";

/** How whoever connects proves who it is. */
export const RedisAuth = {
  /** By IAM, as a user that may send the app's commands on the app's keys and nothing else. */
  IAM: "iam",
  /**
   * Not at all: whoever the security group lets in may send every command, on every key. TLS stays on, so nobody on the
   * way reads along. For tools that can sign no token; a user group with a password is the safer way out.
   */
  NONE: "none",
} as const;
export type RedisAuth = (typeof RedisAuth)[keyof typeof RedisAuth];

/** A user group somebody else keeps. Its user's password stands in Secrets Manager and in no state of ours. */
export interface ExistingUserGroup extends PasswordLogin {
  /** Id of the group. */
  readonly userGroupId: string;
  /** Name, not id, of the user the app logs in as. */
  readonly userName: string;
}

/** Types of the props of {@link ExistingUserGroup}. */
const EXISTING_USER_GROUP: PropTypes<ExistingUserGroup> = {
  ...PASSWORD_LOGIN,
  userGroupId: required(TEXT),
  userName: required(TEXT),
};

const ENGINE = objectWith(
  "a RedisEngine",
  'take RedisEngine.of({ engine: "valkey", version: "8.0" }), or one of its constants',
  "engine",
  "version",
  "family",
);

/** Properties of a {@link RedisCluster}. */
export interface RedisClusterProps extends ProviderProps {
  /** Where the cache stands: in all private subnets. */
  readonly network: INetwork;

  /**
   * The security group of its nodes. Rules are added to it for each peer that connects; `SecurityGroup.fromExisting` is one that
   * exists. Another group is exchanged in place.
   * @default - one is made
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * What runs in it. A change from Redis OSS to Valkey is made in place.
   * @default RedisEngine.REDIS_7_1
   */
  readonly engine?: RedisEngine;

  /**
   * Puts the cache in cluster mode with so many shards, 1 to 500, each a primary with its replicas. Shards and replicas
   * can be added and taken away later, in place. Cluster mode itself cannot: a cache that was made without it, or with
   * it, is another cache, under another id, and **all sessions are lost** on the way from one to the other.
   *
   * @default - not in cluster mode: one primary
   */
  readonly shards?: number;

  /**
   * Copies of each primary, 0 to 5. With 0 there is a single node, and its loss is the loss of its sessions.
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Whether a replica takes over when the primary is lost. Always on in cluster mode.
   * @default - where there is a replica
   */
  readonly automaticFailover?: boolean;

  /**
   * Whether nodes are kept in different zones.
   * @default - where failover is on and the network has two zones or more
   */
  readonly multiAz?: boolean;

  /**
   * Size of each node.
   * @default "cache.t4g.micro"
   */
  readonly nodeType?: string;

  /**
   * Lets ElastiCache add and remove shards or replicas by load.
   * @default - as many as were asked for
   */
  readonly scaling?: RedisScalingProps;

  /**
   * How the app logs in.
   * @default RedisAuth.IAM
   */
  readonly auth?: RedisAuth;

  /**
   * A user group that is there already, in place of the IAM user.
   * @default - a group of its own, with the IAM user and a `default` user that is off
   */
  readonly existingUserGroup?: ExistingUserGroup;

  /**
   * What the app's IAM user may do, in ElastiCache's own order, so that it reads back the same.
   * @default - the commands the session app sends, on keys that begin with `session:`
   */
  readonly accessString?: string;

  /**
   * Parameters by name, beside `maxmemory-policy: volatile-lru` or in its place.
   * @default - none
   */
  readonly parameters?: Readonly<Record<string, string>>;

  /**
   * How long daily snapshots are kept, in days, 0 to 35; 0 takes none.
   * @default 1
   */
  readonly snapshotRetentionDays?: number;

  /**
   * When the daily snapshot is taken, `hh:mm-hh:mm` in UTC, an hour at least.
   * @default - ElastiCache chooses
   */
  readonly snapshotWindow?: string;

  /**
   * Name of a snapshot, also of another cache in the region, that the cache begins with. Read when the cache is made and never
   * again: given or taken away later, it changes nothing.
   * @default - the cache begins empty
   */
  readonly snapshotName?: string;

  /**
   * Name of a snapshot to take when the cache is destroyed; the next destroy then needs another name.
   * @default - none, so that destroy and deploy work as often as one likes
   */
  readonly finalSnapshotName?: string;

  /**
   * When ElastiCache may do maintenance, `ddd:hh:mm-ddd:hh:mm` in UTC, from an hour to a day.
   * @default - ElastiCache chooses
   */
  readonly maintenanceWindow?: string;

  /**
   * How long slow log entries are kept, in days; one of the values CloudWatch Logs takes.
   * @default 14
   */
  readonly slowLogRetentionDays?: number;

  /**
   * How long the engine's log is kept, in days; one of the values CloudWatch Logs takes.
   * @default - the engine's log is not kept
   */
  readonly engineLogRetentionDays?: number;

  /**
   * Whether ElastiCache moves to newer minor versions by itself, in the maintenance window. With `true`, Terraform ignores the
   * version of `engine` from then on, and refuses a newer one than what runs: a cache that AWS has moved would otherwise be
   * replaced, and **all sessions lost**.
   * @default - where the engine has no newer minor version to come, as Redis OSS 7.1
   */
  readonly autoMinorVersionUpgrade?: boolean;

  /**
   * Key that data at rest is encrypted with. Another key means another cache.
   * @default - the key ElastiCache has for the account
   */
  readonly encryptionKey?: HasArn;

  /**
   * SNS topic that hears of failovers and maintenance.
   * @default - none
   */
  readonly notificationTopic?: HasArn;
}

/** Types of the props of {@link RedisClusterProps}. */
export const REDIS_CLUSTER_PROPS: PropTypes<RedisClusterProps> = {
  ...PROVIDER_PROPS,
  network: NETWORK,
  securityGroup: objectWith("a security group", "create a SecurityGroup, or take SecurityGroup.fromExisting", "id"),
  engine: ENGINE,
  shards: NUMBER,
  replicas: NUMBER,
  automaticFailover: BOOLEAN,
  multiAz: BOOLEAN,
  nodeType: TEXT,
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
