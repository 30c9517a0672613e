import { block, blocks, type Configuration, isTrue, type Resource } from "../../terraform/configuration";
import type { Rule } from "../rule";

const BUCKET = ["aws_s3_bucket"];

/** Rules for S3 buckets, log groups, secrets, keys and DynamoDB tables. */
export const storageRules: readonly Rule[] = [
  {
    id: "bucket-not-public",
    also: "S3.8, CKV2_AWS_6",
    on: BUCKET,
    finds: companion("aws_s3_bucket_public_access_block", "may become public", ({ values }) =>
      ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"].every((name) =>
        isTrue(values[name]),
      ),
    ),
  },
  {
    id: "bucket-tls-only",
    also: "S3.5",
    on: BUCKET,
    finds: companion("aws_s3_bucket_policy", "answers without TLS", ({ values, refersTo }) =>
      values.policy === undefined
        ? refersTo("policy").length > 0
        : /"Deny"[\s\S]*"aws:SecureTransport":\s*"false"/.test(String(values.policy)),
    ),
  },
  {
    id: "bucket-owner-enforced",
    also: "S3.12, CKV2_AWS_65",
    on: BUCKET,
    finds: companion(
      "aws_s3_bucket_ownership_controls",
      "lets others own objects",
      ({ values }) => block(values.rule).object_ownership === "BucketOwnerEnforced",
    ),
  },
  {
    id: "bucket-versioned",
    also: "S3.14, CKV_AWS_21",
    on: BUCKET,
    finds: companion(
      "aws_s3_bucket_versioning",
      "keeps no versions",
      ({ values }) => block(values.versioning_configuration).status === "Enabled",
    ),
  },
  {
    id: "bucket-encrypted",
    also: "CKV_AWS_19",
    on: BUCKET,
    finds: companion("aws_s3_bucket_server_side_encryption_configuration", "says no encryption", () => true),
  },
  {
    id: "bucket-tidy",
    also: "S3.13, CKV2_AWS_61, CKV_AWS_300",
    on: BUCKET,
    finds: companion("aws_s3_bucket_lifecycle_configuration", "keeps broken uploads for ever", ({ values }) =>
      blocks(values.rule).some((rule) => blocks(rule.abort_incomplete_multipart_upload).length > 0),
    ),
  },
  {
    id: "log-group-retention",
    also: "CKV_AWS_66",
    on: ["aws_cloudwatch_log_group"],
    finds: ({ values }) => (Number(values.retention_in_days ?? 0) > 0 ? undefined : "keeps its lines for ever"),
  },
  {
    id: "secret-write-only",
    on: ["aws_secretsmanager_secret_version"],
    finds: ({ values }) =>
      [values.secret_string, values.secret_binary].some(
        (value) => value !== undefined && value !== null && value !== "",
      )
        ? "has its value in the state: use secret_string_wo"
        : undefined,
  },
  {
    id: "key-rotates",
    also: "KMS.4, CKV_AWS_7",
    on: ["aws_kms_key"],
    finds: ({ values }) => (isTrue(values.enable_key_rotation) ? undefined : "does not rotate"),
  },
  {
    id: "key-window",
    also: "KMS.3",
    on: ["aws_kms_key"],
    finds: ({ values }) => (Number(values.deletion_window_in_days ?? 30) >= 30 ? undefined : "can be gone in days"),
  },
  {
    id: "table-on-demand",
    also: "DynamoDB.1",
    on: ["aws_dynamodb_table"],
    finds: ({ values }) => (values.billing_mode === "PAY_PER_REQUEST" ? undefined : "has a fixed capacity"),
  },
  {
    id: "table-recoverable",
    also: "DynamoDB.2, CKV_AWS_28",
    on: ["aws_dynamodb_table"],
    finds: ({ values }) =>
      isTrue(block(values.point_in_time_recovery).enabled) ? undefined : "can't be restored to a point in time",
  },
];

/** A bucket's properties are resources of their own that point at it. */
function companion(type: string, otherwise: string, isFine: (resource: Resource) => boolean): Rule["finds"] {
  return (bucket: Resource, configuration: Configuration) => {
    const found = configuration.pointingAt(bucket, type, "bucket");
    return found.length > 0 && found.every(isFine) ? undefined : otherwise;
  };
}
