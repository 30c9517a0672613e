import * as z from "zod";
import { ec2 } from "./ec2";
import { ecs } from "./ecs";
import { lambda } from "./lambda";
import { network, refuseBoth } from "./network";
import { existingRedis, redis } from "./redis";
import { refuseNodeSettings } from "./serverless";
import { arn, keyArn, text, whole } from "./values";

const TAG_TEXT = "at most 256 letters, digits, blanks and _ . : / = + - @";
/** Case does not count: IAM compares tag keys without it. */
const tagKey = text(
  /^(?!aws:)(?!(project|stack|name)$)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
  "keys of 1 to 128 letters, digits, blanks and _ . : / = + - @, not aws:…, Project, Stack or Name",
);

/** A bucket for states; its name alone does too. */
export const stateBucket = z.preprocess(
  (given) => (typeof given === "string" ? { name: given } : given),
  z.strictObject(
    {
      name: z.string("the name of a bucket that is there").meta({ description: "Name of an existing bucket" }),
      region: z
        .string("a region; that of the stack when left out")
        .optional()
        .meta({ description: "Region of the bucket", otherwise: "the stack's region" }),
      keyPrefix: z
        .string("a path in the bucket, as in team/sessions")
        .optional()
        .meta({ description: "Path in the bucket, as in team/sessions", otherwise: "the root of the bucket" }),
      kmsKeyArn: keyArn
        .optional()
        .meta({ description: "ARN of the KMS key of the state", otherwise: "the bucket's own encryption" }),
    },
    'the name of a bucket, or an object { "name", "region", "keyPrefix", "kmsKeyArn" }',
  ),
);

const alarms = z.strictObject(
  {
    topicArn: arn("sns", "an SNS topic")
      .optional()
      .meta({ description: "ARN of an SNS topic that receives each alarm", otherwise: "no topic" }),
    dashboard: z
      .boolean("true or false")
      .optional()
      .meta({ description: "Whether there is a dashboard", default: true }),
    runbookUrl: text(/^[^\s#$%]{1,500}$/, "an address without #, as in https://…/docs/operations.md")
      .optional()
      .meta({
        description: "Address of docs/operations.md, to which each alarm adds its own section",
        default: "docs/operations.md",
      }),
    sessionMetrics: z.boolean("true or false").optional().meta({
      description:
        "Whether the app writes metrics of its sessions to its log, with alarms on them; costs money. One instance needs ec2.logs",
      default: false,
    }),
  },
  'an object { "topicArn", "dashboard", "runbookUrl", "sessionMetrics" }, or null',
);

const sessions = z
  .strictObject(
    {
      idleSeconds: whole(1, 34_560_000).default(1800).meta({ description: "Idle limit of a session, in seconds" }),
      maxAgeSeconds: whole(1, 34_560_000)
        .default(43_200)
        .meta({ description: "Absolute limit of a session, in seconds" }),
      parallelSessions: whole(1, 1000).default(10).meta({ description: "Largest number of sessions of a user" }),
    },
    "an object",
  )
  .refine(({ idleSeconds, maxAgeSeconds }) => idleSeconds <= maxAgeSeconds, {
    path: ["idleSeconds"],
    message: "at most sessions.maxAgeSeconds (1800 and 43200 when left out)",
  });

/**
 * The settings that people edit in cdktf.json under `context`; docs/settings.md describes them. Each has a `description`, and
 * where a construct or AWS fills it in, the value as `default` or, if that depends on something, in words as `otherwise`.
 */
export const schema = z.strictObject({
  name: text(
    /^(?!sg-|sthree-|amzn-s3-demo)[a-z](-?[a-z0-9]){0,19}$/,
    "1 to 20 lower-case letters, digits and single hyphens between them, a letter first, none of AWS' own prefixes",
  ).meta({
    description:
      "Prefix of every name: 1 to 20 lower-case letters, digits and hyphens. Another name is another environment in the same account",
  }),
  region: text(/^[a-z]+(-[a-z]+)+-\d{1,2}$/, "a region, as in ap-northeast-1").meta({
    description: "Region of the stacks, as in ap-northeast-1",
  }),
  tags: z
    .record(tagKey, text(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, TAG_TEXT), "an object of texts")
    .default({})
    .meta({ description: "Tags in addition to Project, Stack and Name, on every resource" }),
  ...network,
  securityGroupRules: whole(1, 1000).optional().meta({
    description: "Number of rules that a security group takes in each direction: the account's quota L-0EA8095F",
    default: 60,
  }),
  stateBucket: stateBucket
    .nullable()
    .default(null)
    .meta({ description: "Bucket for Terraform's state: its name, or an object. null is a file beside cdktf.json" }),
  redis: redis.meta({ description: "The cache" }),
  existingRedis: existingRedis
    .nullable()
    .default(null)
    .meta({ description: "An existing cache, instead of redis. null creates one" }),
  alarms: alarms.nullable().default({}).meta({ description: "Alarms and dashboard. null creates none" }),
  sessions: sessions.prefault({}).meta({ description: "Limits of sessions" }),
  secretKeyVersion: whole(1, 1_000_000)
    .default(1)
    .meta({ description: "Increase it by one for a new SECRET_KEY; visitors stay logged in" }),
  ec2: ec2.meta({ description: "The stack session-ec2" }),
  ecs: ecs.nullable().default(null).meta({ description: "The stack session-ecs. null leaves it out" }),
  lambda: lambda.meta({ description: "The stack session-lambda" }),
});

/** The schema, with the rules between settings of different parts. */
export const consistent = schema.superRefine(refuseBoth).superRefine(refuseNodeSettings);

/** The settings with every default filled in. */
export type Settings = z.infer<typeof schema>;

/** Keys of cdktf's own in the context: they are not settings and not spelling mistakes either. */
export const CDKTF_KEYS: ReadonlySet<string> = new Set([
  "excludeStackIdFromLogicalIds",
  "allowSepCharsInLogicalIds",
  "cdktfVersion",
  "cdktfRelativeModules",
  "cdktfStaticModuleAssetHash",
]);
