import type { Construct } from "constructs";
import { checkText, type PropTypes, required, TEXT } from "../validation";

/** The bucket for a load balancer's access logs. */
export interface AccessLogs {
  /**
   * Name of a bucket in the same region that lets Elastic Load Balancing write.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  readonly bucketName: string;
  /**
   * Prefix of the log keys, without a slash at either end.
   * @default - no prefix
   */
  readonly prefix?: string;
}

/** Types of the props of {@link AccessLogs}. */
export const ACCESS_LOGS: PropTypes<AccessLogs> = {
  bucketName: required(TEXT),
  prefix: TEXT,
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html */
const PREFIX = /^(?!\/)(?!.*AWSLogs)[\w!.*'()/-]+(?<!\/)$/;

/** @throws {ValidationError} when S3 does not accept the bucket's name, or Elastic Load Balancing the prefix. */
export function checkAccessLogs(scope: Construct, accessLogs: AccessLogs | undefined): void {
  checkText(scope, "accessLogs.bucketName", accessLogs?.bucketName, {
    pattern: BUCKET,
    allowed: "3 to 63 lower-case letters, digits, dots and hyphens",
    fix: "name a bucket that is there, without s3:// and path",
  });
  checkText(scope, "accessLogs.prefix", accessLogs?.prefix, {
    pattern: PREFIX,
    allowed: "characters S3 calls safe, without AWSLogs and without a slash at either end",
    fix: `write it like "web/access"`,
  });
}
