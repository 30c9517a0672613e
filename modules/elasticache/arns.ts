import type { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import type { HasArn } from "../has-arn";
import { findRegion } from "../stack/region";

/** The resources that a cache gets by ARN. */
export interface CacheArns {
  /** Key that data at rest is encrypted with. @default - ElastiCache's own */
  readonly encryptionKey?: HasArn;
  /** Topic that hears of the cache. @default - none */
  readonly notificationTopic?: HasArn;
}

/**
 * @throws {ValidationError} when key or topic are not of the cache's region.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ECEvents.SNS.html
 */
export function checkCacheArns(scope: Construct, { encryptionKey, notificationTopic }: CacheArns): void {
  const region = findRegion(scope);
  checkArn(scope, "encryptionKey", encryptionKey?.arn, { kind: ArnKinds.KMS_KEY, region });
  checkArn(scope, "notificationTopic", notificationTopic?.arn, { kind: ArnKinds.SNS_TOPIC, region });
}
