import path from "node:path";
import { App, LocalBackend, S3Backend, TerraformBackend, type TerraformStack } from "cdktf";
import { ArnKinds, checkArn } from "../arn";
import { HAS_ARN, type HasArn } from "../has-arn";
import { checkText, type PropTypes, required, TEXT } from "../validation";
import { takeYoungBucketRegion } from "./known-regions";
import { checkRegion } from "./region";

/** An S3 bucket for states, with one object for each stack. It must exist before the first deploy, with versioning on. */
export interface StateBucket {
  /** Name of the bucket, 3 to 63 characters. */
  readonly name: string;
  /**
   * AWS region of the bucket.
   * @default - the stack's region
   */
  readonly region?: string;
  /**
   * Prefix of the state's key: `<keyPrefix>/<stack>.tfstate`.
   * @default - the stack's name prefix
   */
  readonly keyPrefix?: string;
  /**
   * KMS key that encrypts the states.
   * @default - the bucket's default encryption
   */
  readonly encryptionKey?: HasArn;
}

/** Types of the props of {@link StateBucket}. */
export const STATE_BUCKET: PropTypes<StateBucket> = {
  name: required(TEXT),
  region: TEXT,
  keyPrefix: TEXT,
  encryptionKey: HAS_ARN,
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Safe characters of a key, by S3's documentation. */
const KEY_PREFIX = /^[\w!.*'()-]+(\/[\w!.*'()-]+)*$/;

/** The state file of a stack, from the app's folder. */
export function buildStateFile(folder: string, name: string): string {
  return path.join(folder, `terraform.${name}.tfstate`);
}

/** The present backend of a stack. */
export function findBackend(stack: TerraformStack): TerraformBackend | undefined {
  return stack.node.findAll().find((node): node is TerraformBackend => TerraformBackend.isBackend(node));
}

/** Adds a backend with a file for the state. The path depends on the stack's name only. */
export function keepInFile(stack: TerraformStack, folder: string, name: string): TerraformBackend {
  // Terraform reads the path from the stack's own folder: relative, so that the JSON is the same on every machine, and
  // outside of the output, which may be deleted at any time.
  const stackFolder = path.join(App.of(stack).outdir, "stacks", stack.node.id);
  const file = path.relative(stackFolder, buildStateFile(folder, name));
  return new LocalBackend(stack, { path: file.split(path.sep).join("/") });
}

/** A state in S3, checked and with all defaults. */
export interface BucketState {
  readonly bucket: string;
  readonly key: string;
  readonly region: string;
  readonly skipRegionValidation?: true;
  readonly kmsKeyId?: string;
}

/**
 * Checks the place of a stack's state in S3.
 *
 * @throws when AWS does not accept bucket, prefix or region, or the key is of another region. Terraform reads them first, so they must be known
 * at synth.
 */
export function resolveBucket(stack: TerraformStack, region: string, name: string, bucket: StateBucket): BucketState {
  const { keyPrefix = name, encryptionKey } = bucket;
  checkText(stack, "name of the state bucket", bucket.name, {
    pattern: BUCKET,
    allowed: "3 to 63 lower-case letters, digits, dots and hyphens, known at synth",
    fix: "name a bucket that is there",
    atSynth: true,
  });
  checkText(stack, "key prefix of the state", keyPrefix, {
    pattern: KEY_PREFIX,
    allowed: "letters, digits and ! - _ . * ' ( ), in parts with a slash between them, known at synth",
    fix: `write it like "team/sessions"`,
    atSynth: true,
  });
  const bucketRegion = bucket.region ?? region;
  checkText(stack, "region of the state bucket", bucketRegion, {
    pattern: /./,
    allowed: "a region known at synth",
    fix: "give stateBucket.region",
    atSynth: true,
  });
  checkRegion(stack, bucketRegion);
  checkArn(stack, "key of the state bucket", encryptionKey?.arn, { kind: ArnKinds.KMS_KEY, region: bucketRegion });
  return {
    bucket: bucket.name,
    key: `${keyPrefix}/${stack.node.id}.tfstate`,
    region: bucketRegion,
    ...takeYoungBucketRegion(bucketRegion),
    ...(encryptionKey && { kmsKeyId: encryptionKey.arn }),
  };
}

/**
 * Adds a backend with the state in S3, encrypted, and with a lock file.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export function keepInBucket(stack: TerraformStack, state: BucketState): TerraformBackend {
  // Newer than cdktf 0.21, whose class does not have it.
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
  return new S3Backend(stack, { ...state, encrypt: true });
}
