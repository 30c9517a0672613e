import type { Construct } from "constructs";
import { checkText, type PropTypes, required, TEXT } from "../validation";

/** The bucket that a load balancer writes a line to for each request. */
export interface AccessLogs {
  /**
   * Name of a bucket in the same region that lets Elastic Load Balancing write.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
   */
  readonly bucketName: string;
  /**
   * First part of the keys it writes, without a slash at either end.
   * @default - at the top of the bucket
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

/** @throws {ValidationError} when S3 has no bucket of that name, or Elastic Load Balancing does not take the prefix. */
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
