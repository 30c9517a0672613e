import * as z from "zod";
import { serverless } from "./serverless";
import { arn, cacheNodeType, keyArn, oneOf, retentionDays, text, whole } from "./values";

const secretArn = arn("secretsmanager", "a Secrets Manager secret, never the password itself");
const userName = text(/^[a-zA-Z0-9-]{1,40}$/, "a user name of letters, digits and hyphens, at most 40").meta({
  description: "Name of the ElastiCache user with which the app logs in",
});

const bounds = z.strictObject(
  {
    min: whole(1, 500).meta({ description: "Smallest number" }),
    max: whole(1, 500).meta({ description: "Largest number" }),
  },
  'an object { "min", "max" }',
);
const scaling = z.strictObject(
  {
    shards: bounds.optional().meta({ description: "Scales the number of shards", otherwise: "no scaling of shards" }),
    replicas: bounds
      .optional()
      .meta({ description: "Scales the replicas of each shard", otherwise: "no scaling of replicas" }),
    targetCpuPercent: whole(35, 70)
      .optional()
      .meta({ description: "Scaling target: average CPU of the engine, in percent", default: 60 }),
  },
  'an object { "shards", "replicas", "targetCpuPercent" }',
);

/** The password of a cache's user is in Secrets Manager. */
const password = {
  passwordSecretArn: secretArn.meta({
    description: "ARN of the Secrets Manager secret that holds the password, never the password itself",
  }),
  passwordKeyArn: keyArn
    .optional()
    .meta({ description: "ARN of the secret's KMS key", otherwise: "the key of Secrets Manager" }),
};
const userGroup = z.strictObject(
  {
    userGroupId: text(/^[a-z](-?[a-z0-9]){0,39}$/, "the id of an ElastiCache user group").meta({
      description: "Id of the ElastiCache user group",
    }),
    userName,
    ...password,
  },
  'an object { "userGroupId", "userName", "passwordSecretArn" }',
);
const TWO_ARNS = "a list of ARNs: the cache's and the user's";
const existingAuth = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("iam").meta({ description: "Login by IAM" }),
      cacheId: text(/^[a-z](-?[a-z0-9]){0,39}$/, "a replication group id, lower case").meta({
        description: "Id of the replication group, or name of the serverless cache, in lower case",
      }),
      userName,
      arns: z
        .array(arn("elasticache", "the cache or the user"), TWO_ARNS)
        .min(2, TWO_ARNS)
        .meta({ description: "ARNs of the cache and of the user" }),
    }),
    z.strictObject({
      kind: z.literal("password").meta({ description: "Login by a password in Secrets Manager" }),
      userName: userName.optional().meta({ otherwise: "the user default" }),
      ...password,
    }),
    z.strictObject({ kind: z.literal("none").meta({ description: "No login" }) }),
  ],
  'an object whose "kind" is "iam", "password" or "none"',
);
/** An existing cache. */
export const existingRedis = z.strictObject(
  {
    host: text(/^[a-zA-Z0-9][a-zA-Z0-9.-]*$/, "a host name without scheme and port").meta({
      description:
        "Primary endpoint, in cluster mode configuration endpoint, or endpoint of a serverless cache, without scheme and port",
    }),
    port: whole(1, 65_535).optional().meta({ description: "Port of the cache", default: 6379 }),
    clusterMode: z
      .boolean("true or false")
      .optional()
      .meta({ description: "Whether the cache is in cluster mode", default: false }),
    tls: z.boolean("true or false").optional().meta({ description: "Whether the cache takes TLS", default: true }),
    serverless: z.boolean("true or false").optional().meta({
      description: "Whether the cache is a serverless cache, which has cluster mode, TLS and port 6379",
      default: false,
    }),
    securityGroupId: text(/^sg-([0-9a-f]{8}|[0-9a-f]{17})$/, "the id of the cache's security group, sg-…").meta({
      description: "Id of the cache's security group, sg-…",
    }),
    auth: existingAuth.meta({ description: "How the app logs in: by IAM, by a password, or without a login" }),
  },
  'an object { "host", "securityGroupId", "auth" }',
);

/** The engine of a cache of nodes, where the settings name none. */
export const DEFAULT_ENGINE = "redis-7.1";

/** A new cache. */
export const redis = z
  .strictObject(
    {
      engine: text(/^(redis|valkey)-\d+\.\d+$/, "an engine with its minor version, as in redis-7.1 or valkey-8.0")
        .optional()
        .meta({
          description: "Engine and its minor version: redis-7.0, redis-7.1, valkey-7.2 to valkey-9.1, or a later one",
          default: DEFAULT_ENGINE,
        }),
      nodeType: cacheNodeType.optional().meta({ description: "Type of each node", default: "cache.t4g.micro" }),
      clusterMode: oneOf("disabled", "compatible", "enabled").optional().meta({
        description: "Cluster mode. A deployed cache goes from disabled to compatible, then to enabled, in place",
        otherwise: "enabled with shards, else disabled",
      }),
      clusterProtocol: z.boolean("true or false").optional().meta({
        description:
          "Whether the app uses the cluster protocol. In mode compatible: false at first, true in the next deployment",
        otherwise: "true in mode enabled alone",
      }),
      shards: whole(1, 500)
        .optional()
        .meta({ description: "Number of primaries in mode enabled", otherwise: "1 in mode enabled, else none" }),
      replicas: whole(0, 5)
        .optional()
        .meta({ description: "Replicas of each primary. With 0, all sessions are lost when a node fails", default: 1 }),
      networkType: oneOf("ipv4", "dual_stack").optional().meta({
        description:
          "Addresses of the nodes. dual_stack needs ipv6Cidr of each private subnet. Another value is another cache",
        otherwise: "IPv4 alone",
      }),
      ipDiscovery: oneOf("ipv4", "ipv6")
        .optional()
        .meta({ description: "With dual_stack, the kind of addresses that clients discover", otherwise: "ipv4" }),
      multiAz: z.boolean("true or false").optional().meta({
        description: "Whether nodes are in different zones",
        otherwise: "true where there are replicas and two zones or more",
      }),
      scaling: scaling
        .optional()
        .meta({ description: "Scaling by load, in cluster mode on larger nodes", otherwise: "no scaling" }),
      auth: oneOf("iam", "none")
        .optional()
        .meta({ description: "How the app logs in. none admits every client of the security group", default: "iam" }),
      existingUserGroup: userGroup
        .optional()
        .meta({ description: "An existing user group instead of the IAM user", otherwise: "the IAM user" }),
      kmsKeyArn: keyArn.optional().meta({
        description: "ARN of the KMS key of data at rest. Another key is another cache",
        otherwise: "AWS' own key",
      }),
      parameters: z
        .record(z.string(), z.string("a text"), "an object of texts")
        .optional()
        .meta({ description: "Parameters in addition to maxmemory-policy volatile-lru", default: {} }),
      autoMinorVersionUpgrade: z.boolean("true or false").optional().meta({
        description: "Whether AWS chooses the minor version",
        otherwise: "true for engines without a later minor version, as redis-7.1",
      }),
      notificationTopicArn: arn("sns", "an SNS topic")
        .optional()
        .meta({ description: "ARN of an SNS topic for ElastiCache's events", otherwise: "no topic" }),
      slowLogRetentionDays: retentionDays
        .optional()
        .meta({ description: "How long the slow log is kept, in days", default: 14 }),
      engineLogRetentionDays: retentionDays
        .optional()
        .meta({ description: "How long the engine's log is kept, in days", otherwise: "no engine log" }),
      snapshotName: text(/^[a-zA-Z][a-zA-Z0-9.:-]{0,254}$/, "the name of a snapshot of this region")
        .optional()
        .meta({ description: "Name of the snapshot that a new cache starts from", otherwise: "an empty cache" }),
      snapshotRetentionDays: whole(0, 35)
        .optional()
        .meta({ description: "How long daily snapshots are kept, in days; 0 takes none", default: 1 }),
      snapshotWindow: text(/^\d\d:\d\d-\d\d:\d\d$/, "hh:mm-hh:mm in UTC")
        .optional()
        .meta({ description: "Time of the daily snapshot: hh:mm-hh:mm in UTC", otherwise: "AWS chooses" }),
      maintenanceWindow: text(/^[a-z]{3}:\d\d:\d\d-[a-z]{3}:\d\d:\d\d$/, "ddd:hh:mm-ddd:hh:mm in UTC")
        .optional()
        .meta({ description: "Time of maintenance: ddd:hh:mm-ddd:hh:mm in UTC", otherwise: "AWS chooses" }),
      serverless: serverless.optional().meta({
        description: "A serverless cache instead of nodes: true, or an object with its engine and limits",
        otherwise: "a cache of nodes",
      }),
    },
    "an object",
  )
  .prefault({});
