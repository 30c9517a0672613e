import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Fn, Token } from "cdktf";
import { Construct } from "constructs";
import { allow, grant, toTrustPolicy } from "../iam/policy";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findEc2Principal, matchPartition } from "../stack/region";
import {
  checkOneOf,
  checkProps,
  listOf,
  objectWith,
  type PropTypes,
  required,
  TEXT,
  ValidationError,
} from "../validation";

/** The parts of a cache that its administrator needs. A RedisCluster and a RedisServerlessCache have them. */
export interface AdministeredRedis {
  /** Id of the replication group, or name of the serverless cache. */
  readonly cacheId: string;
  /** ARNs: the replication group or the serverless cache first, then its users and their group. */
  readonly arns: readonly [string, ...string[]];
  /**
   * Whether the cache is a serverless cache, which has no nodes.
   * @default false
   */
  readonly serverless?: boolean;
}

/** Properties of a {@link RedisAdministrator}. */
export interface RedisAdministratorProps extends ProviderProps {
  /** The cache that the role has all permissions on. */
  readonly redis: AdministeredRedis;
  /**
   * ARNs of the IAM users or roles that can assume the role.
   * @default - EC2 instances that are given the role
   */
  readonly trustedArns?: readonly string[];
  /**
   * `"*"` gives every right on every cache of the account, as `AmazonElastiCacheFullAccess` does.
   * @default - the cache alone
   */
  readonly resources?: "*";
}

/** Types of the props of {@link RedisAdministratorProps}. */
export const REDIS_ADMINISTRATOR_PROPS: PropTypes<RedisAdministratorProps> = {
  ...PROVIDER_PROPS,
  redis: required(objectWith("a cache", "create a RedisCluster or a RedisServerlessCache", "cacheId", "arns")),
  trustedArns: listOf(TEXT),
  resources: TEXT,
};

/**
 * A role with all permissions of `elasticache:*` on one cache: its replication group and nodes, or its serverless cache, its
 * snapshots and its users.
 * No other construct of this package needs or has this role.
 *
 * @throws when `trustedArns` is empty, or has a value that is not an ARN of IAM or STS.
 */
export class RedisAdministrator extends Construct {
  /** ARN of the role. */
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: RedisAdministratorProps) {
    super(scope, id);
    checkProps(this, props, REDIS_ADMINISTRATOR_PROPS);
    useProvider(this, props);
    const { redis, trustedArns, resources } = props;
    checkTrusted(this, trustedArns);
    checkOneOf(this, "resources", resources, { ALL: "*" });
    const role = new IamRole(this, "role", {
      namePrefix: buildNamePrefix(this, NameLimits.IAM_PREFIX),
      description: "Administers the cache of a session store",
      assumeRolePolicy: toTrustPolicy(
        trustedArns === undefined ? { Service: findEc2Principal(this) } : { AWS: trustedArns },
      ),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    grant(role, "administer", [allow("elasticache:*", resources ?? listArns(redis))]);
    this.roleArn = role.arn;
  }
}

function checkTrusted(scope: Construct, trustedArns: readonly string[] | undefined): void {
  if (trustedArns === undefined) return;
  // A role is taken by principals of its own partition alone: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
  const form = new RegExp(`^arn:${matchPartition(scope)}:(iam|sts)::\\d{12}:[^*]+$`);
  const odd = trustedArns.find((arn) => !Token.isUnresolved(arn) && !arn.startsWith("${") && !form.test(arn));
  if (odd === undefined && trustedArns.length > 0) return;
  throw new ValidationError(scope, {
    what: "trustedArns",
    got: odd ?? "an empty list",
    allowed: "ARNs of IAM users or roles of the stack's partition, without *",
    fix: 'write them like "arn:aws:iam::123456789012:role/operators", or leave them out',
  });
}

/**
 * ARNs of nodes and snapshots differ from the cache's in resource type and name.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticache.html
 */
function listArns({ arns, cacheId, serverless = false }: AdministeredRedis): string[] {
  const [cache] = arns;
  const own = serverless ? "serverlesscache" : "replicationgroup";
  const named = (kind: string, name: string) => Fn.replace(cache, `:${own}:${cacheId}`, `:${kind}:${name}`);
  if (serverless) return [...arns, named("serverlesscachesnapshot", `*${cacheId}*`)];
  return [...arns, named("cluster", `${cacheId}-*`), named("snapshot", `*${cacheId}*`)];
}
