import { TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { findProvider } from "../stack/provider";
import { ValidationError } from "../validation";

const FIX = "change namePrefix or the construct's id";
const NAME_PREFIX = "cdktf-session-store:namePrefix";

/**
 * Sets the first part of every name in a stack. Call it before you add constructs to the stack. Environments that share an AWS account
 * need different prefixes.
 *
 * @default - without a call, the stack's id
 */
export function setNamePrefix(stack: TerraformStack, prefix: string): void {
  stack.node.setContext(NAME_PREFIX, prefix);
}

/** The characters of a name. */
interface Characters {
  /** Pattern of the whole name. */
  readonly pattern: RegExp;
  /** The same in words, for error messages. */
  readonly allowed: string;
}

/** A kind of name, and its limits at AWS. */
export interface NameLimit extends Characters {
  /** The purpose of the name, as AWS calls it. */
  readonly what: string;
  /** The most characters of a name. */
  readonly maxLength: number;
  /**
   * Whether a name must be unique in an account and region.
   * @default true
   */
  readonly isUnique?: boolean;
  /** First part of the whole name. Comparisons of names include it. @default - none */
  readonly folder?: string;
}

const HYPHENS: Characters = { pattern: /^[a-z0-9-]+$/i, allowed: "letters, digits and hyphens" };
const UNDERSCORES: Characters = { pattern: /^[\w-]+$/, allowed: "letters, digits, hyphens and underscores" };
const IAM: Characters = { pattern: /^[\w+=,.@-]+$/, allowed: "letters, digits and + = , . @ _ -" };
/** Names that need not be unique: prefixes, which Terraform completes, and tags. */
const REPEATABLE = { isUnique: false } as const;
const PRINTABLE: Characters = { pattern: /^[\x20-\x7e]+$/, allowed: "printable ASCII characters" };

/**
 * Limits from the AWS API reference of each service. Lengths are in characters; patterns are those of the service models.
 * @see https://github.com/boto/botocore/tree/develop/botocore/data
 */
export const NameLimits = {
  REPLICATION_GROUP: { what: "replication group id", maxLength: 40, ...HYPHENS },
  /** AWS documents no length. This is the longest name that a token can be signed for (REDIS_CACHE_ID), and aws-cdk's limit. */
  SERVERLESS_CACHE: { what: "serverless cache name", maxLength: 40, ...HYPHENS },
  CACHE_CLUSTER: { what: "cache cluster id", maxLength: 50, ...HYPHENS },
  CACHE_USER: { what: "ElastiCache user id", maxLength: 40, ...HYPHENS },
  CACHE_USER_GROUP: { what: "ElastiCache user group id", maxLength: 40, ...HYPHENS },
  CACHE_SUBNET_GROUP: { what: "cache subnet group name", maxLength: 255, ...HYPHENS },
  CACHE_PARAMETER_GROUP: { what: "cache parameter group name", maxLength: 255, ...HYPHENS },
  IAM: { what: "IAM role name", maxLength: 64, ...IAM },
  /** Terraform appends 26 characters of its own to a name prefix. */
  IAM_PREFIX: { what: "IAM role name prefix", maxLength: 38, ...IAM, ...REPEATABLE },
  BUCKET_PREFIX: { what: "bucket name prefix", maxLength: 37, ...HYPHENS, ...REPEATABLE },
  SECRET: {
    what: "secret name",
    maxLength: 512,
    pattern: /^[\w/+=.@-]+$/,
    allowed: "letters, digits and / _ + = . @ -",
  },
  LOG_GROUP: {
    what: "log group name",
    maxLength: 512,
    pattern: /^[\w./#-]+$/,
    allowed: "letters, digits and . _ / # -",
  },
  /** 255 less the 26 characters that Terraform appends. */
  SECURITY_GROUP_PREFIX: {
    what: "security group name prefix",
    ...REPEATABLE,
    maxLength: 229,
    pattern: /^[\w .:/()#,@[\]+=&;{}!$*-]+$/,
    allowed: "letters, digits, spaces and . _ - : / ( ) # , @ [ ] + = & ; { } ! $ *",
  },
  LOAD_BALANCER: { what: "load balancer name", maxLength: 32, ...HYPHENS },
  /** 32 less the 26 characters that Terraform appends. */
  TARGET_GROUP_PREFIX: { what: "target group name prefix", maxLength: 6, ...HYPHENS, ...REPEATABLE },
  /** 128 less the 26 characters that Terraform appends. */
  LAUNCH_TEMPLATE_PREFIX: {
    what: "launch template name prefix",
    ...REPEATABLE,
    maxLength: 102,
    pattern: /^[\w().\-/]+$/,
    allowed: "letters, digits and ( ) . - / _",
  },
  AUTO_SCALING_GROUP: { what: "Auto Scaling group name", maxLength: 255, ...PRINTABLE },
  SCALING_POLICY: { what: "scaling policy name", maxLength: 255, ...PRINTABLE },
  FUNCTION: { what: "Lambda function name", maxLength: 64, ...UNDERSCORES },
  HTTP_API: { what: "HTTP API name", maxLength: 128, ...PRINTABLE },
  TABLE: {
    what: "DynamoDB table name",
    maxLength: 255,
    pattern: /^[\w.-]{3,}$/,
    allowed: "3 or more letters, digits and . _ -",
  },
  ALARM: { what: "alarm name", maxLength: 255, ...PRINTABLE },
  ECS_CLUSTER: { what: "ECS cluster name", maxLength: 255, ...UNDERSCORES },
  ECS_SERVICE: { what: "ECS service name", maxLength: 255, ...UNDERSCORES },
  ECS_TASK_FAMILY: { what: "ECS task definition family", maxLength: 255, ...UNDERSCORES },
  ECS_CAPACITY_PROVIDER: { what: "ECS capacity provider name", maxLength: 255, ...UNDERSCORES },
  ECR_REPOSITORY: {
    what: "ECR repository name",
    maxLength: 256,
    pattern: /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/i,
    allowed: "letters, digits and . _ - between them",
  },
  DASHBOARD: { what: "dashboard name", maxLength: 255, ...UNDERSCORES },
  /** As environment/ takes SESSION_METRICS. CloudWatch takes 1024 characters. */
  METRIC_DIMENSION: {
    what: "value of a metric's dimension",
    maxLength: 255,
    pattern: /^[a-zA-Z0-9][\w.-]*$/,
    allowed: "letters, digits and . _ -, a letter or digit first",
  },
  TAG: {
    what: "Name tag",
    ...REPEATABLE,
    maxLength: 256,
    pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u,
    allowed: "letters, digits, spaces and _ . : / = + - @",
  },
} as const satisfies Record<string, NameLimit>;

/**
 * The account-wide name of a construct's resource: `<prefix>-<path of ids below the stack>[-<suffix>]`.
 *
 * @throws when the name is too long for AWS, or has characters that AWS does not accept.
 */
export function buildName(construct: Construct, limit: NameLimit, suffix?: string): string {
  const stack = TerraformStack.of(construct);
  const prefix: unknown = stack.node.tryGetContext(NAME_PREFIX) ?? stack.node.id;
  const below = construct.node.scopes.slice(stack.node.scopes.length).map((scope) => scope.node.id);
  const name = [prefix, ...below, ...(suffix === undefined ? [] : [suffix])].join("-");
  checkName(construct, limit, name);
  if (limit.isUnique ?? true) claimName(construct, limit, name);
  return name;
}

/**
 * The account-wide name of a variant of a construct's resource: its name and a suffix. The part before the suffix is shortened to the
 * limit, so that every valid name has a variant.
 *
 * @throws as {@link buildName}, and when another construct of the stack has the same name.
 */
export function buildVariantName(construct: Construct, limit: NameLimit, suffix: string): string {
  const name = buildName(construct, limit);
  const start = Token.isUnresolved(name) ? name : name.slice(0, limit.maxLength - suffix.length - 1).replace(/-+$/, "");
  const variant = `${start}-${suffix}`;
  claimName(construct, limit, variant);
  return variant;
}

const claims = new WeakMap<TerraformStack, Map<string, Construct>>();

/**
 * Claims a name in the construct's region. Hyphens join ids, so `shop/redis` and `shop-redis` have the same name. The comparison ignores
 * case, because ElastiCache stores ids in lower case. A stack can have providers of several regions, each with its own names.
 *
 * @throws when another construct of the stack has the same name.
 */
function claimName(construct: Construct, { what, folder = "" }: NameLimit, name: string): void {
  const stack = TerraformStack.of(construct);
  const claimed = claims.get(stack) ?? new Map<string, Construct>();
  claims.set(stack, claimed);
  const key = [what, findProvider(construct)?.node.path, (folder + name).toLowerCase()].join(" ");
  const other = claimed.get(key) ?? construct;
  claimed.set(key, other);
  if (other === construct) return;
  throw new ValidationError(construct, {
    what,
    got: `${JSON.stringify(folder + name)}, the name of ${other.node.path} too`,
    allowed: "a name of its own: ids are joined by hyphens to make it",
    fix: "change the id of one of the two constructs",
  });
}

/** Checks a name, built or given by the user. A token passes, because its value is known only after deployment. */
export function checkName(construct: Construct, { what, maxLength, pattern, allowed }: NameLimit, name: string): void {
  if (Token.isUnresolved(name)) return;
  if (name.length > maxLength) {
    throw new ValidationError(construct, {
      what,
      got: `${JSON.stringify(name)} (${name.length} characters)`,
      allowed: `at most ${maxLength} characters`,
      fix: FIX,
    });
  }
  if (!pattern.test(name)) throw new ValidationError(construct, { what, got: JSON.stringify(name), allowed, fix: FIX });
}

/**
 * A prefix for names that Terraform completes: the construct's name, shortened to the limit. No resource depends on the removed part,
 * and the Name tag has the whole name.
 *
 * @throws when the prefix has characters that AWS does not accept.
 */
export function buildNamePrefix(construct: Construct, limit: NameLimit): string {
  const prefix = `${buildName(construct, NameLimits.TAG).slice(0, limit.maxLength - 1)}-`;
  checkName(construct, limit, prefix);
  return prefix;
}

/**
 * A key that is unique among the constructs of a stack: the joined ids below the stack. It is known at synth, and does not change when
 * other constructs are added or removed. So ids of other constructs can contain it.
 *
 * @param seenFrom - the construct whose child has the key in its id. In another stack, the key begins with this stack's id.
 */
export function buildKey(construct: Construct, seenFrom: Construct = construct): string {
  const stack = TerraformStack.of(construct);
  const depth = stack.node.scopes.length - (stack === TerraformStack.of(seenFrom) ? 0 : 1);
  return construct.node.scopes
    .slice(depth)
    .map((scope) => scope.node.id)
    .join("-");
}
