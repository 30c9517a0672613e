import { Token } from "cdktf";
import type { Construct } from "constructs";
import { ANY_PARTITION, PARTITION_NAMES, parsePartition } from "./partitions";
import { ValidationError } from "./validation";

/** A kind of resource that props name by ARN. */
export interface ArnKind {
  /** Service namespace of the ARN. */
  readonly service: string;
  /** The part behind the account. */
  readonly resource: RegExp;
  /** The same for people. */
  readonly form: string;
}

/**
 * Forms by kind.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const ArnKinds = {
  /** No alias: ElastiCache, Lambda and CloudWatch Logs take the key itself. A multi-Region key's id begins with mrk-. */
  KMS_KEY: { service: "kms", resource: /^key\/[\w-]+$/, form: "key/<id>" },
  SNS_TOPIC: { service: "sns", resource: /^[\w-]{1,256}(\.fifo)?$/, form: "<topic>" },
  CERTIFICATE: { service: "acm", resource: /^certificate\/[0-9a-f-]{36}$/, form: "certificate/<id>" },
  WEB_ACL: {
    service: "wafv2",
    resource: /^regional\/webacl\/[\w-]+\/[0-9a-f-]{36}$/,
    form: "regional/webacl/<name>/<id>",
  },
  SECRET: { service: "secretsmanager", resource: /^secret:[\w/+=.@-]+$/, form: "secret:<name>" },
  CACHE: { service: "elasticache", resource: /^[a-z]+:[^*:]+$/, form: "<kind>:<name>" },
  CACHE_SNAPSHOT: {
    service: "elasticache",
    resource: /^(serverlesscache)?snapshot:[^*:]+$/,
    form: "serverlesscachesnapshot:<name> or snapshot:<name>",
  },
  ECR_REPOSITORY: { service: "ecr", resource: /^repository\/[a-z0-9][a-z0-9._/-]+$/, form: "repository/<name>" },
} as const satisfies Record<string, ArnKind>;

const ARN = new RegExp(`^arn:(${ANY_PARTITION}):([a-z0-9-]+):([a-z0-9-]*):(\\d{12}):(.+)$`);

/** Which ARN a prop takes. */
export interface ArnForm {
  readonly kind: ArnKind;
  /**
   * Region the resource must be in; may be a token.
   * @default - any region
   */
  readonly region?: string | undefined;
}

/** Region of an ARN; undefined where the ARN, or its region, is known only after deployment. */
export function regionIn(arn: string): string | undefined {
  return Token.isUnresolved(arn) ? undefined : arn.split(":")[3];
}

/**
 * Undefined passes, which is a prop that was left out, and a token, which is known only after deployment.
 *
 * @throws {ValidationError} when an ARN is malformed, of another partition than its region, or of another region.
 */
export function checkArn(scope: Construct, what: string, arn: string | undefined, { kind, region }: ArnForm): void {
  if (arn === undefined || Token.isUnresolved(arn)) return;
  const [, partition, service, own = "", , resource = ""] = ARN.exec(arn) ?? [];
  const wanted = region === undefined || Token.isUnresolved(region) ? undefined : region;
  const expected = parsePartition(wanted ?? own)?.name ?? PARTITION_NAMES[0];
  const allowed = `arn:${expected}:${kind.service}:${wanted ?? "<region>"}:<account>:${kind.form}`;
  if (service !== kind.service || own === "" || partition !== expected || !kind.resource.test(resource)) {
    throw new ValidationError(scope, {
      what,
      got: JSON.stringify(arn),
      allowed,
      fix: "copy the ARN from the AWS console or from terraform output",
    });
  }
  if (wanted === undefined || own === wanted) return;
  throw new ValidationError(scope, {
    what,
    got: `one of region ${own}`,
    allowed: `one of region ${wanted}: ${allowed}`,
    fix: `take one in ${wanted}`,
  });
}
