import type { ISecurityGroup } from "../connections";
import { HAS_ARN, type HasArn } from "../has-arn";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { listOf, NUMBER, objectOf, type PropTypes, TEXT } from "../validation";
import type { EngineName } from "./engine";
import { EXISTING_USER_GROUP, type ExistingUserGroup, SECURITY_GROUP } from "./props";

/** Limits of what a serverless cache scales to. */
export interface UsageLimits {
  /**
   * AWS keeps at least this much ready for a peak, and bills it.
   * @default - no lower limit
   */
  readonly min?: number;
  /**
   * AWS never exceeds it.
   * @default - no upper limit
   */
  readonly max?: number;
}

/** Types of the props of {@link UsageLimits}. */
const USAGE_LIMITS: PropTypes<UsageLimits> = { min: NUMBER, max: NUMBER };

/** Properties of a {@link RedisServerlessCache}. */
export interface RedisServerlessCacheProps extends ProviderProps {
  /**
   * The network of the cache, with two or three zones. The cache has an endpoint in each private subnet. It keeps its subnets: AWS
   * cannot change them, and another cache would lose the sessions.
   */
  readonly network: INetwork;

  /**
   * The security group of its endpoints. Each peer that connects adds a rule to it. `SecurityGroup.fromExisting` takes an existing
   * group. Terraform changes the group in place.
   * @default - a new group
   */
  readonly securityGroup?: ISecurityGroup;

  /**
   * The engine. A cache changes from Redis OSS to Valkey of the same major version in place.
   * @default "valkey"
   */
  readonly engine?: EngineName;

  /**
   * Major version of the engine; AWS chooses minor and patch versions. Version "7" is 7.2 of Valkey and 7.1 of Redis OSS.
   * With AWS provider 5.100, another major version replaces the cache, and **all sessions are lost**.
   * @default - "8" for Valkey, "7" for Redis OSS
   */
  readonly majorEngineVersion?: string;

  /**
   * Stored data in GB, 1 to 5,000. At the upper limit, ElastiCache ends the least recently used sessions.
   * @default - no limits
   */
  readonly dataStorageGb?: UsageLimits;

  /**
   * ElastiCache Processing Units (ECPUs) a second, 1,000 to 15,000,000. At the upper limit, ElastiCache throttles requests.
   * @default - no limits
   */
  readonly ecpuPerSecond?: UsageLimits;

  /**
   * An existing user group, in place of the IAM user.
   * @default - a new group, with the IAM user and a `default` user that is off
   */
  readonly existingUserGroup?: ExistingUserGroup;

  /**
   * Access string of the app's IAM user, in the order in which ElastiCache returns it: plans then show no difference.
   * @default - the commands the session app sends in cluster mode, on keys that begin with `session:`
   */
  readonly accessString?: string;

  /**
   * Retention of daily snapshots in days, 0 to 35; 0 turns them off.
   * @default 1
   */
  readonly snapshotRetentionDays?: number;

  /**
   * Time of the daily snapshot, `hh:mm` in UTC.
   * @default - ElastiCache chooses
   */
  readonly dailySnapshotTime?: string;

  /**
   * ARNs of the snapshots that the cache starts from, of a serverless cache or of a replication group. ElastiCache reads them when it
   * creates the cache; a later change of this prop has no effect.
   * @default - the cache starts empty
   */
  readonly snapshotArns?: readonly string[];

  /**
   * KMS key that encrypts data at rest. A change of the key replaces the cache.
   * @default - ElastiCache's own key (service managed)
   */
  readonly encryptionKey?: HasArn;
}

/** Types of the props of {@link RedisServerlessCacheProps}. */
export const REDIS_SERVERLESS_CACHE_PROPS: PropTypes<RedisServerlessCacheProps> = {
  ...PROVIDER_PROPS,
  network: NETWORK,
  securityGroup: SECURITY_GROUP,
  engine: TEXT,
  majorEngineVersion: TEXT,
  dataStorageGb: objectOf(USAGE_LIMITS),
  ecpuPerSecond: objectOf(USAGE_LIMITS),
  existingUserGroup: objectOf(EXISTING_USER_GROUP),
  accessString: TEXT,
  snapshotRetentionDays: NUMBER,
  dailySnapshotTime: TEXT,
  snapshotArns: listOf(TEXT),
  encryptionKey: HAS_ARN,
};
