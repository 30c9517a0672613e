import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { refused } from "../refused";

const NAME_PREFIX = "cdktf-session-store:namePrefix";

/**
 * Gives every name below a stack its first part. Call it before anything is added to the stack.
 * Several environments share one AWS account by differing here.
 *
 * @default - without this call, the stack's id
 */
export function setNamePrefix(stack: TerraformStack, prefix: string): void {
  stack.node.setContext(NAME_PREFIX, prefix);
}

/** Where a name is used and how long AWS lets it be there. */
export interface NameLimit {
  /** What the name is for, as AWS calls it. */
  readonly what: string;
  /** Longest name AWS takes, in characters. */
  readonly maxLength: number;
}

/** Limits from the AWS API reference of each service, in characters. */
export const NameLimits = {
  REPLICATION_GROUP: { what: "replication group id", maxLength: 40 },
  CACHE_CLUSTER: { what: "cache cluster id", maxLength: 50 },
  CACHE_USER: { what: "ElastiCache user id", maxLength: 40 },
  CACHE_USER_GROUP: { what: "ElastiCache user group id", maxLength: 40 },
  CACHE_SUBNET_GROUP: { what: "cache subnet group name", maxLength: 255 },
  CACHE_PARAMETER_GROUP: { what: "cache parameter group name", maxLength: 255 },
  IAM: { what: "IAM role name", maxLength: 64 },
  /** Terraform appends 26 characters of its own to a name prefix. */
  IAM_PREFIX: { what: "IAM role name prefix", maxLength: 38 },
  BUCKET_PREFIX: { what: "bucket name prefix", maxLength: 37 },
  SECRET: { what: "secret name", maxLength: 512 },
  LOG_GROUP: { what: "log group name", maxLength: 512 },
  /** 255 less the 26 characters that Terraform appends. */
  SECURITY_GROUP_PREFIX: { what: "security group name prefix", maxLength: 229 },
  LOAD_BALANCER: { what: "load balancer name", maxLength: 32 },
  /** 32 less the 26 characters that Terraform appends. */
  TARGET_GROUP_PREFIX: { what: "target group name prefix", maxLength: 6 },
  /** 128 less the 26 characters that Terraform appends. */
  LAUNCH_TEMPLATE_PREFIX: { what: "launch template name prefix", maxLength: 102 },
  AUTO_SCALING_GROUP: { what: "Auto Scaling group name", maxLength: 255 },
  SCALING_POLICY: { what: "scaling policy name", maxLength: 256 },
  FUNCTION: { what: "Lambda function name", maxLength: 64 },
  HTTP_API: { what: "HTTP API name", maxLength: 128 },
  TABLE: { what: "DynamoDB table name", maxLength: 255 },
  ALARM: { what: "alarm name", maxLength: 255 },
  ECS_CLUSTER: { what: "ECS cluster name", maxLength: 255 },
  ECS_SERVICE: { what: "ECS service name", maxLength: 255 },
  ECS_TASK_FAMILY: { what: "ECS task definition family", maxLength: 255 },
  ECS_CAPACITY_PROVIDER: { what: "ECS capacity provider name", maxLength: 255 },
  ECR_REPOSITORY: { what: "ECR repository name", maxLength: 256 },
  DASHBOARD: { what: "dashboard name", maxLength: 255 },
  TAG: { what: "Name tag", maxLength: 256 },
} as const satisfies Record<string, NameLimit>;

/**
 * The account-wide name of what a construct creates: `<prefix>-<path of ids below the stack>[-<suffix>]`.
 *
 * @throws when the name is longer than AWS takes.
 */
export function nameOf(construct: Construct, limit: NameLimit, suffix?: string): string {
  const stack = TerraformStack.of(construct);
  const prefix: unknown = stack.node.tryGetContext(NAME_PREFIX) ?? stack.node.id;
  const below = construct.node.scopes.slice(stack.node.scopes.length).map((scope) => scope.node.id);
  const name = [prefix, ...below, ...(suffix === undefined ? [] : [suffix])].join("-");
  if (name.length > limit.maxLength) {
    throw refused(construct, {
      what: limit.what,
      got: `${JSON.stringify(name)} (${name.length} characters)`,
      allowed: `at most ${limit.maxLength} characters`,
      fix: `shorten the setting "name" or the construct's id`,
    });
  }
  return name;
}

/**
 * A prefix for names that Terraform makes unique itself: the construct's name, cut to what AWS takes. Nothing depends on
 * the part that is cut off, and the Name tag has it whole.
 */
export function namePrefixOf(construct: Construct, limit: NameLimit): string {
  return `${nameOf(construct, NameLimits.TAG).slice(0, limit.maxLength - 1)}-`;
}

/**
 * What tells a construct from all others of its stack: the ids below the stack, joined. Known at synth and the same
 * however many neighbours come and go, so other constructs' ids may contain it.
 *
 * @param seenFrom - a construct whose child is named by the key; from another stack, the stack's id comes first.
 */
export function keyOf(construct: Construct, seenFrom: Construct = construct): string {
  const stack = TerraformStack.of(construct);
  const depth = stack.node.scopes.length - (stack === TerraformStack.of(seenFrom) ? 0 : 1);
  return construct.node.scopes
    .slice(depth)
    .map((scope) => scope.node.id)
    .join("-");
}
