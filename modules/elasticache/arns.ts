import type { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import type { HasArn } from "../has-arn";
import { findRegion } from "../stack/region";

/** The resources that a cache gets by ARN. */
export interface CacheArns {
  /** KMS key that encrypts data at rest. @default - ElastiCache's own key */
  readonly encryptionKey?: HasArn;
  /** SNS topic for notifications of the cache. @default - none */
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
