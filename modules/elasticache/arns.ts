import { type ArnKind, ArnKinds, arnRefusal } from "../arn";
import type { HasArn } from "../has-arn";
import type { Refusal } from "../refused";

/** What a cache is given by ARN. */
export interface CacheArns {
  /** Key that data at rest is encrypted with. @default - ElastiCache's own */
  readonly encryptionKey?: HasArn;
  /** Topic that hears of the cache. @default - none */
  readonly notificationTopic?: HasArn;
}

/**
 * Why an ARN is not taken, or undefined when all are: key and topic are of the cache's region.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ECEvents.SNS.html
 */
export function arnsRefusal({ encryptionKey, notificationTopic }: CacheArns, region: string): Refusal | undefined {
  const refusalOf = (what: string, given: HasArn | undefined, kind: ArnKind) =>
    given && arnRefusal({ what, arn: given.arn, kind, region });
  return (
    refusalOf("encryptionKey", encryptionKey, ArnKinds.KMS_KEY) ??
    refusalOf("notificationTopic", notificationTopic, ArnKinds.SNS_TOPIC)
  );
}
