import { Token } from "cdktf";
import type { Construct } from "constructs";
import { refused } from "../refused";

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

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html */
const PREFIX = /^(?!\/)(?!.*AWSLogs)[\w!.*'()/-]+(?<!\/)$/;

/** @throws when the bucket's name is none S3 has, or the prefix one Elastic Load Balancing does not take. */
export function checkAccessLogs(scope: Construct, { bucketName, prefix }: AccessLogs): void {
  if (!Token.isUnresolved(bucketName) && !BUCKET.test(bucketName)) {
    throw refused(scope, {
      what: "accessLogs.bucketName",
      got: JSON.stringify(bucketName),
      allowed: "3 to 63 lower-case letters, digits, dots and hyphens",
      fix: "name a bucket that is there, without s3:// and path",
    });
  }
  if (prefix === undefined || Token.isUnresolved(prefix) || PREFIX.test(prefix)) return;
  throw refused(scope, {
    what: "accessLogs.prefix",
    got: JSON.stringify(prefix),
    allowed: "characters S3 calls safe, without AWSLogs and without a slash at either end",
    fix: `write it like "web/access"`,
  });
}
