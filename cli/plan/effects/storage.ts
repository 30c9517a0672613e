import { block, blocks, isTrue, texts, type Values } from "../../terraform/configuration";
import { type Change, ending, ends } from "../change";
import { groupBy } from "../group-by";
import { oncePerPlan } from "../once-per-plan";
import type { Plan } from "../plan";
import { REDIS_STORES } from "./dynamodb";
import {
  type Consequence,
  calm,
  compared,
  type Effect,
  each,
  effects,
  ended,
  interruption,
  interrupts,
  isOther,
  switchedOff,
  type TypeEffects,
  unjudged,
  when,
} from "./effect";
import { leftBehind } from "./left-behind";

/** Licences and notices go where a program goes, and no program reads them. */
function isLicenceText({ before }: Change): boolean {
  return /(^|\/)[\w.-]*(LICEN[CS]E|NOTICES?|COPYING)(\.(txt|md))?$/.test(String(before?.key ?? ""));
}

/** Data under a key is gone with it, once the waiting period ends. */
const key: Effect = (change, plan) => {
  const usersByKey = findUsersByKey(plan);
  const names = [change.before?.id, change.before?.arn].flatMap(texts);
  const users = [...new Set(names.flatMap((name) => usersByKey.get(name) ?? []))].filter((one) => one !== change);
  const how = ends(change) ? ending(change) : "is disabled";
  const stores = users.filter(({ type }) => REDIS_STORES.includes(type) || type === "aws_dynamodb_table");
  const found: Consequence[] = [];
  if (users.length === 0 || stores.length > 0) {
    const what = stores.length === 0 ? "what it encrypts" : stores.map((one) => plan.names.of(one.address)).join(", ");
    found.push({ kind: "sessions", what: `${how}: ${what} can't be read any more, sessions there are lost` });
  }
  if (users.length === 0 || stores.length < users.length) {
    found.push(interruption(`${how}: secrets, logs and files that it encrypts can't be read any more`));
  }
  return found;
};

/** Resources by the id or the ARN of the key that encrypts them. */
const findUsersByKey = oncePerPlan((plan): ReadonlyMap<string, readonly Change[]> => {
  const users = plan.changes.flatMap((change) => {
    const { before, after } = change;
    const keys = [after?.kms_key_id, before?.kms_key_id, block(after?.server_side_encryption).kms_key_arn];
    return [...new Set(keys.flatMap(texts))].map((key) => ({ key, change }));
  });
  const byKey = groupBy(users, ({ key }) => key);
  return new Map([...byKey].map(([key, all]) => [key, all.map((one) => one.change)]));
});

const secret: Effect = (change) => [
  interruption(
    change.action === "replace"
      ? `${ending(change)}: what it signed is refused: open forms once, no session`
      : `${ending(change)}: an app that reads it does not start any more`,
  ),
];

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RemoveRegionsFromReplication.html */
const replicas: Effect = ({ before, after }) => {
  const [was, is] = [before, after].map((values) => blocks(values?.replica).map(({ region }) => String(region)));
  const gone = (was ?? []).filter((region) => !is?.includes(region));
  return gone.length === 0
    ? []
    : [interruption(`has no replica in ${gone.join(", ")} any more: what reads it there fails`)];
};

/** Secrets Manager keeps the value before as AWSPREVIOUS, and no other. */
const VALUE =
  "gets a new value: the one before stays readable (AWSPREVIOUS), and signatures by a still older one are refused";
const GIVEN = ["secret_string", "secret_binary"];

/** A key that is made by Terraform is rotated; a value that is written may be a password that holds elsewhere. */
const secretVersion: Effect = (change) => {
  if (change.action === "delete")
    return [interruption(`${ending(change)}: an app that reads it does not start any more`)];
  if (
    change.replacedFor.some((one) => GIVEN.includes(one)) ||
    GIVEN.some((one) => isSet(change, one) && isOther(change, one))
  ) {
    return [interruption(VALUE)];
  }
  const isRotated =
    change.replacedFor.includes("secret_string_wo_version") || isOther(change, "secret_string_wo_version");
  return isRotated ? [{ kind: "note", what: VALUE }] : [];
};

function isSet({ before, after }: Change, argument: string): boolean {
  return Boolean(before?.[argument]) || Boolean(after?.[argument]);
}

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];
const publicAccess: Effect = ({ before, after, action }) => {
  const off = BLOCKS.filter((one) => isTrue(before?.[one]) && !isTrue(after?.[one]));
  if (off.length === 0 && action !== "delete") return [];
  return [{ kind: "roles", what: "blocks public access to the bucket less: a policy or an ACL may let everybody in" }];
};

const acl: Effect = ({ before, after }) => {
  const isPublic = (values: Values | undefined) =>
    /public|authenticated/.test(String(values?.acl)) ||
    /AllUsers|AuthenticatedUsers/.test(JSON.stringify(values ?? {}));
  return isPublic(after) && !isPublic(before)
    ? [{ kind: "roles", what: `lets everybody in (${after?.acl ?? "access_control_policy"})` }]
    : before !== undefined && JSON.stringify(before.acl) === JSON.stringify(after?.acl)
      ? undefined
      : [];
};

/** A new bucket has nothing in it. */
const ofNewBucket = when(({ unknown }) => unknown.bucket === true, calm, unjudged);
const parameter = effects("systems-manager/latest/userguide/systems-manager-parameter-store.html", {
  destroyed: ended("an app that reads it does not start any more"),
  calm: ["tier", "data_type", "overwrite", "version", "allowed_pattern"],
});

/** Effects of changes to buckets, secrets, keys and file systems, by resource type. */
export const STORAGE: Readonly<Record<string, TypeEffects>> = {
  aws_kms_key: effects("kms/latest/developerguide/deleting-keys.html", {
    destroyed: key,
    calm: ["enable_key_rotation", "rotation_period_in_days", "deletion_window_in_days"],
    compared: ["policy"],
    changed: { is_enabled: switchedOff("is_enabled", key) },
  }),
  aws_kms_alias: effects("kms/latest/developerguide/kms-alias.html", {
    destroyed: ended("what names the key by it is refused"),
    changed: { target_key_id: interrupts("names another key: what is encrypted by the one before keeps it") },
  }),
  aws_kms_key_policy: effects("kms/latest/developerguide/key-policies.html", { compared: ["policy"] }),
  aws_secretsmanager_secret: effects("secretsmanager/latest/userguide/manage_delete-secret.html", {
    destroyed: secret,
    calm: ["recovery_window_in_days", "force_overwrite_replica_secret"],
    compared: ["policy"],
    changed: { kms_key_id: unjudged, replica: replicas },
  }),
  aws_secretsmanager_secret_version: effects("secretsmanager/latest/userguide/whats-in-a-secret.html", {
    destroyed: secretVersion,
    changed: each([...GIVEN, "secret_string_wo_version", "version_stages"], secretVersion),
  }),
  aws_secretsmanager_secret_rotation: effects("secretsmanager/latest/userguide/rotating-secrets.html", {
    created: unjudged,
    destroyed: calm,
    calm: ["rotation_rules"],
  }),
  aws_secretsmanager_secret_policy: effects("secretsmanager/latest/userguide/auth-and-access_resource-policies.html", {
    created: compared,
    destroyed: compared,
    calm: ["block_public_policy"],
    compared: ["policy"],
  }),
  aws_ssm_parameter: parameter,
  aws_s3_bucket: effects("AmazonS3/latest/userguide/delete-bucket.html", {
    destroyed: leftBehind(ended("its files are gone, and what reads them fails")),
    changed: { acl },
  }),
  ...Object.fromEntries(
    ["aws_s3_object", "aws_s3_bucket_object"].map((type) => [
      type,
      effects("AmazonS3/latest/userguide/UsingObjects.html", {
        destroyed: (change, plan) =>
          (change.action === "replace" && change.createsFirst) || isLicenceText(change)
            ? []
            : leftBehind(ended("what reads it fails"))(change, plan),
        calm: [
          ...["source", "source_hash", "content", "content_base64", "etag", "version_id", "content_type", "metadata"],
          ...["cache_control", "storage_class", "checksum_algorithm", "checksum_sha256", "server_side_encryption"],
        ],
      }),
    ]),
  ),
  aws_s3_bucket_policy: effects("AmazonS3/latest/userguide/bucket-policies.html", {
    created: compared,
    destroyed: compared,
    compared: ["policy", "bucket"],
  }),
  aws_s3_bucket_public_access_block: effects("AmazonS3/latest/userguide/access-control-block-public-access.html", {
    destroyed: (change, plan) => (isBucketGone(change, plan) ? [] : publicAccess(change, plan)),
    changed: each(BLOCKS, publicAccess),
  }),
  aws_s3_bucket_acl: effects("AmazonS3/latest/userguide/acl-overview.html", {
    created: acl,
    destroyed: calm,
    changed: each(["acl", "access_control_policy"], acl),
  }),
  aws_s3_bucket_versioning: effects("AmazonS3/latest/userguide/Versioning.html", {
    created: (change, plan) => calm(change, plan),
    // Terraform suspends it; versions that are there stay.
    destroyed: calm,
    changed: { versioning_configuration: calm },
  }),
  aws_s3_bucket_server_side_encryption_configuration: effects(
    "AmazonS3/latest/userguide/default-bucket-encryption.html",
    { destroyed: calm, changed: { rule: unjudged } },
  ),
  aws_s3_bucket_ownership_controls: effects("AmazonS3/latest/userguide/about-object-ownership.html", {
    destroyed: (change, plan) => (isBucketGone(change, plan) ? [] : undefined),
    changed: { rule: unjudged },
  }),
  aws_s3_bucket_lifecycle_configuration: effects("AmazonS3/latest/userguide/object-lifecycle-mgmt.html", {
    created: ofNewBucket,
    destroyed: calm,
    changed: { rule: unjudged },
  }),
  aws_s3_bucket_logging: effects("AmazonS3/latest/userguide/ServerLogs.html", { destroyed: calm }),
  aws_efs_file_system: effects("efs/latest/ug/delete-efs-fs.html", {
    destroyed: ended("all that it holds is lost", "sessions"),
    calm: ["lifecycle_policy", "throughput_mode", "provisioned_throughput_in_mibps"],
  }),
  aws_efs_mount_target: effects("efs/latest/ug/accessing-fs.html", {
    destroyed: ended("what mounts it there hangs"),
  }),
};

function isBucketGone(change: Change, plan: Plan): boolean {
  return plan
    .targets(change, "bucket", "before", "aws_s3_bucket")
    .some((bucket) => plan.at(bucket)?.action === "delete");
}
