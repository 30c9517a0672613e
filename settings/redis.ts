import * as z from "zod";
import { arn, keyArn, oneOf, retentionDays, text, whole } from "./values";

const secretArn = arn("secretsmanager", "a Secrets Manager secret, never the password itself");
const userName = text(/^[a-zA-Z0-9-]{1,40}$/, "a user name of letters, digits and hyphens, at most 40");

const bounds = z.strictObject({ min: whole(1, 500), max: whole(1, 500) }, 'an object { "min", "max" }');
const scaling = z.strictObject(
  { shards: bounds.optional(), replicas: bounds.optional(), targetCpuPercent: whole(35, 70).optional() },
  'an object { "shards", "replicas", "targetCpuPercent" }',
);

/** The password of a cache's user stands in Secrets Manager. */
const password = { passwordSecretArn: secretArn, passwordKeyArn: keyArn.optional() };
const userGroup = z.strictObject(
  { userGroupId: text(/^[a-z](-?[a-z0-9]){0,39}$/, "the id of an ElastiCache user group"), userName, ...password },
  'an object { "userGroupId", "userName", "passwordSecretArn" }',
);
const TWO_ARNS = "a list of ARNs: the cache's and the user's";
const existingAuth = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("iam"),
      cacheId: text(/^[a-z](-?[a-z0-9]){0,39}$/, "a replication group id, lower case"),
      userName,
      arns: z.array(arn("elasticache", "the cache or the user"), TWO_ARNS).min(2, TWO_ARNS),
    }),
    z.strictObject({ kind: z.literal("password"), userName: userName.optional(), ...password }),
    z.strictObject({ kind: z.literal("none") }),
  ],
  'an object whose "kind" is "iam", "password" or "none"',
);
/** A cache that is there already. */
export const existingRedis = z.strictObject(
  {
    /** Primary endpoint or, in cluster mode, configuration endpoint. */
    host: text(/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/, "a host name without scheme and port"),
    port: whole(1, 65_535).optional(),
    clusterMode: z.boolean("true or false").optional(),
    tls: z.boolean("true or false").optional(),
    securityGroupId: text(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, "the id of the cache's security group, sg-…"),
    auth: existingAuth,
  },
  'an object { "host", "securityGroupId", "auth" }',
);

/** A cache to be made. */
export const redis = z
  .strictObject(
    {
      engine: text(
        /^(redis|valkey)-\d+\.\d$/,
        "an engine with its minor version, as in redis-7.1 or valkey-8.0",
      ).default("redis-7.1"),
      nodeType: text(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "an ElastiCache node type, as in cache.t4g.micro").optional(),
      /** Puts the cache in cluster mode. */
      shards: whole(1, 500).optional(),
      replicas: whole(0, 5).optional(),
      /** Nodes in different zones; false where replicas are to be in one. */
      multiAz: z.boolean("true or false").optional(),
      scaling: scaling.optional(),
      auth: oneOf("iam", "none").optional(),
      existingUserGroup: userGroup.optional(),
      kmsKeyArn: keyArn.optional(),
      parameters: z.record(z.string(), z.string("a text"), "an object of texts").optional(),
      autoMinorVersionUpgrade: z.boolean("true or false").optional(),
      notificationTopicArn: arn("sns", "an SNS topic").optional(),
      slowLogRetentionDays: retentionDays.optional(),
      engineLogRetentionDays: retentionDays.optional(),
      snapshotName: text(/^[a-zA-Z][a-zA-Z0-9.:-]{0,254}$/, "the name of a snapshot of this region").optional(),
      snapshotRetentionDays: whole(0, 35).optional(),
      snapshotWindow: text(/^\d\d:\d\d-\d\d:\d\d$/, "hh:mm-hh:mm in UTC").optional(),
      maintenanceWindow: text(/^[a-z]{3}:\d\d:\d\d-[a-z]{3}:\d\d:\d\d$/, "ddd:hh:mm-ddd:hh:mm in UTC").optional(),
    },
    "an object",
  )
  .prefault({});
