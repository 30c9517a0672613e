import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Statement, toPolicy } from "../iam/policy";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { BOOLEAN, checkProps, checkText, checkWholeNumber, NUMBER, type PropTypes } from "../validation";

/** Properties of an {@link ArtifactBucket}. */
export interface ArtifactBucketProps extends ProviderProps {
  /**
   * Deletes the files together with the bucket. They are build results: a deploy uploads them again.
   *
   * @default true - a deploy after a destroy works
   */
  readonly forceDestroy?: boolean;
  /**
   * Retention of replaced and deleted files in days, at least 1.
   *
   * @default 30
   */
  readonly noncurrentDays?: number;
}

/** Types of the props of {@link ArtifactBucketProps}. */
export const ARTIFACT_BUCKET_PROPS: PropTypes<ArtifactBucketProps> = {
  ...PROVIDER_PROPS,
  forceDestroy: BOOLEAN,
  noncurrentDays: NUMBER,
};

const DEFAULT_NONCURRENT_DAYS = 30;
const ABORT_UPLOAD_DAYS = 1;

/**
 * A private bucket for files that a topology deploys: no public access, TLS only, no ACLs, versioned, encrypted.
 *
 * @throws when S3 does not accept the length or the characters of its name, or a number is out of range.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
 */
export class ArtifactBucket extends Construct {
  /** Name of the bucket, known after its creation. */
  readonly name: string;
  /** ARN of the bucket. */
  readonly arn: string;
  /** Resources that a file must depend on, so that the bucket is protected first. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ArtifactBucketProps = {}) {
    super(scope, id);
    checkProps(this, props, ARTIFACT_BUCKET_PROPS);
    useProvider(this, props);
    const { forceDestroy = true, noncurrentDays = DEFAULT_NONCURRENT_DAYS } = props;
    checkWholeNumber(this, "noncurrentDays", noncurrentDays, {
      min: 1,
      unit: "days",
      fix: `leave it out for ${DEFAULT_NONCURRENT_DAYS} days`,
    });

    const bucket = new S3Bucket(this, "bucket", {
      bucketPrefix: this.#namePrefix(),
      forceDestroy,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    this.name = bucket.bucket;
    this.arn = bucket.arn;

    const versioning = this.#addVersioning();
    this.#addEncryption();
    this.#addLifecycle(noncurrentDays, versioning);
    this.dependables = [versioning, this.#addPolicy()];
  }

  /** Ends with a hyphen; Terraform appends 26 characters that no other account has. */
  #namePrefix(): string {
    const prefix = buildNamePrefix(this, NameLimits.BUCKET_PREFIX).toLowerCase();
    checkText(this, "bucket name prefix", prefix, {
      pattern: /^[a-z0-9][a-z0-9-]*$/,
      allowed: "letters, digits and hyphens, a letter or digit first",
      fix: "change namePrefix or the construct's id",
    });
    return prefix;
  }

  #addVersioning(): S3BucketVersioningA {
    return new S3BucketVersioningA(this, "versioning", {
      bucket: this.name,
      versioningConfiguration: { status: "Enabled" },
    });
  }

  #addEncryption(): void {
    new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket: this.name,
      rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    });
  }

  #addLifecycle(noncurrentDays: number, versioning: S3BucketVersioningA): void {
    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket: this.name,
      rule: [
        {
          id: "tidy",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [{ daysAfterInitiation: ABORT_UPLOAD_DAYS }],
          noncurrentVersionExpiration: [{ noncurrentDays }],
        },
      ],
      dependsOn: [versioning],
    });
  }

  /** One after the other: S3 answers "conflicting conditional operation" to two of these at once. */
  #addPolicy(): S3BucketPolicy {
    const ownership = new S3BucketOwnershipControls(this, "ownership", {
      bucket: this.name,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket: this.name,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
      dependsOn: [ownership],
    });
    return new S3BucketPolicy(this, "tls-only", {
      bucket: this.name,
      policy: toPolicy(denyWithoutTls("TlsOnlyBucket", this.arn), denyWithoutTls("TlsOnlyObjects", `${this.arn}/*`)),
      dependsOn: [publicAccess],
    });
  }
}

function denyWithoutTls(sid: string, resource: string): Statement {
  return {
    Sid: sid,
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: resource,
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
