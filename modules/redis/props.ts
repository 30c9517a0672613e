import type { INetwork } from "../network";
import type { RedisEngine } from "./engine";

/** Something with an ARN, as the provider's KmsKey and SnsTopic are. */
export interface HasArn {
  readonly arn: string;
}

export interface RedisClusterProps {
  /** Where the cache stands: in all private subnets. */
  readonly network: INetwork;

  /**
   * What runs in it. A change from Redis OSS to Valkey is made in place.
   * @default RedisEngine.REDIS_7_1
   */
  readonly engine?: RedisEngine;

  /**
   * Copies of the primary, 0 to 5. With 0 there is a single node, and its loss is the loss of all sessions.
   * @default 1
   */
  readonly replicas?: number;

  /**
   * Whether a replica takes over when the primary is lost.
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
   * What the app's user may do, in ElastiCache's own order, so that it reads back the same.
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
