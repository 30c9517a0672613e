import path from "node:path";
import * as z from "zod";
import { type Context, mergeSettings, parseObject, readCdktfContext, readSettingsFile } from "./context";
import { ec2 } from "./ec2";
import { ecs } from "./ecs";
import { lambda } from "./lambda";
import { network, refuseBoth } from "./network";
import { existingRedis, redis } from "./redis";
import { SettingsError } from "./settings-error";
import { takenKeys, takesNull } from "./taken-keys";
import { arn, keyArn, text, whole } from "./values";

export { SettingsError };

const TAG_TEXT = "at most 256 letters, digits, blanks and _ . : / = + - @";
/** Case does not count: IAM compares tag keys without it. */
const tagKey = text(
  /^(?!aws:)(?!(project|stack|name)$)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
  "keys of 1 to 128 letters, digits, blanks and _ . : / = + - @, not aws:…, Project, Stack or Name",
);

const stateBucket = z.preprocess(
  (given) => (typeof given === "string" ? { name: given } : given),
  z.strictObject(
    {
      name: z.string("the name of a bucket that is there"),
      region: z.string("a region; that of the stack when left out").optional(),
      keyPrefix: z.string("a path in the bucket, as in team/sessions").optional(),
      kmsKeyArn: keyArn.optional(),
    },
    'the name of a bucket, or an object { "name", "region", "keyPrefix", "kmsKeyArn" }',
  ),
);

/** What people edit in cdktf.json under `context`. docs/settings.md says the same for people. */
const schema = z.strictObject({
  /** Prefixes every account-wide name: two environments in one account differ here. */
  name: text(
    /^(?!sg-|sthree-|amzn-s3-demo)[a-z](-?[a-z0-9]){0,19}$/,
    "1 to 20 lower-case letters, digits and single hyphens between them, a letter first, none of AWS' own prefixes",
  ),
  region: text(
    /^(?!cn-)[a-z]{2}-(central|(north|south)?(east|west)|north|south)-\d{1,2}$/,
    "a region of the partition aws, as in ap-northeast-1",
  ),
  /** Beside Project, Stack and Name, on every resource. */
  tags: z.record(tagKey, text(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, TAG_TEXT), "an object of texts").default({}),
  ...network,
  /** How many rules a security group takes in each direction: the account's quota L-0EA8095F. */
  securityGroupRules: whole(1, 1000).optional(),
  /** Where Terraform's state is kept; null is a file beside cdktf.json. */
  stateBucket: stateBucket.nullable().default(null),
  redis,
  /** A cache that is there already; null makes one after `redis`. */
  existingRedis: existingRedis.nullable().default(null),
  /** null: none. */
  alarms: z
    .strictObject(
      {
        topicArn: arn("sns", "an SNS topic").optional(),
        dashboard: z.boolean("true or false").optional(),
        /** Where this repository's docs/operations.md can be read: each alarm adds its own section. */
        runbookUrl: text(/^[^\s#$%]{1,500}$/, "an address without #, as in https://…/docs/operations.md").optional(),
      },
      'an object { "topicArn", "dashboard", "runbookUrl" }, or null',
    )
    .nullable()
    .default({}),
  sessions: z
    .strictObject(
      {
        idleSeconds: whole(1, 34_560_000).default(1800),
        maxAgeSeconds: whole(1, 34_560_000).default(43_200),
        parallelSessions: whole(1, 1000).default(10),
      },
      "an object",
    )
    .refine(({ idleSeconds, maxAgeSeconds }) => idleSeconds <= maxAgeSeconds, {
      path: ["idleSeconds"],
      message: "at most sessions.maxAgeSeconds (1800 and 43200 when left out)",
    })
    .prefault({}),
  /** Raise it by one to make a new SECRET_KEY; what the one before signed is still taken. */
  secretKeyVersion: whole(1, 1_000_000).default(1),
  ec2,
  /** null leaves the stack session-ecs out. */
  ecs: ecs.nullable().default(null),
  lambda,
});

const consistent = schema.superRefine(refuseBoth);

/** The settings with every default filled in. */
export type Settings = z.infer<typeof schema>;

/** Keys of cdktf's own in the context: they are not settings and not spelling mistakes either. */
const CDKTF_KEYS: ReadonlySet<string> = new Set([
  "excludeStackIdFromLogicalIds",
  "allowSepCharsInLogicalIds",
  "cdktfVersion",
  "cdktfRelativeModules",
  "cdktfStaticModuleAssetHash",
]);

/**
 * The context of a program that may run by itself or under cdktf-cli: cdktf.json's, over it the CLI's, over both a file of
 * settings.
 *
 * @param fromCli - what cdktf-cli sets: `CDKTF_CONTEXT_JSON`
 * @param file - of settings that count for one command. @default - none
 * @throws {SettingsError} for a file that is missing or holds no JSON object.
 */
export function readContext(root: string, fromCli: string | undefined, file?: string): Record<string, unknown> {
  const context = { ...readCdktfContext(root), ...parseObject("CDKTF_CONTEXT_JSON", fromCli ?? "{}") };
  if (file === undefined) return context;
  return mergeSettings(context, readSettingsFile(file), (place) => takesNull(schema, place));
}

/**
 * Where synthesis writes, from the program's folder: `cdktf.out`, and `cdktf.out/<name>` under another name than
 * cdktf.json's. So each environment keeps a working folder of its own for Terraform.
 *
 * @param fromCli - what cdktf-cli sets: `CDKTF_OUTDIR`
 */
export function chooseOutdir({ name }: Settings, root: string, fromCli: string | undefined): string {
  return fromCli ?? (readCdktfContext(root).name === name ? "cdktf.out" : path.join("cdktf.out", name));
}

/** Whether there is a setting at a place, as in `["redis", "nodeType"]`. */
export function isSetting(place: readonly string[]): boolean {
  return takenKeys(schema, place.slice(0, -1)).includes(place.at(-1) ?? "");
}

/**
 * The context as settings, with every default filled in.
 *
 * @throws {SettingsError} that names each wrong key, what it got and what it takes.
 */
export function readSettings(context: Context): Settings {
  const own = Object.fromEntries(Object.entries(context).filter(([key]) => !CDKTF_KEYS.has(key)));
  // Read once: to compile the schema takes longer than it saves.
  const parsed = consistent.safeParse(own, { jitless: true });
  if (parsed.success) return parsed.data;
  throw new SettingsError([...new Set(parsed.error.issues.flatMap((issue) => describe(issue, own)))].join("\n"));
}

function describe(issue: z.core.$ZodIssue, context: unknown): string[] {
  const place = issue.path.map(String);
  if (issue.code === "unrecognized_keys") {
    const taken = takenKeys(schema, place).join(", ") || "none of this name";
    return issue.keys.map((key) => `${[...place, key].join(".")}: got a key that is no setting, takes ${taken}`);
  }
  if (issue.code === "invalid_key") {
    return [
      `${place.slice(0, -1).join(".")}: got the key ${JSON.stringify(place.at(-1))}, takes ${issue.issues[0]?.message}`,
    ];
  }
  const got = place.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], context);
  // Somebody may have put the password itself there.
  const secret = place.at(-1) === "passwordSecretArn" && typeof got === "string";
  const shown = got === undefined ? "nothing" : secret ? "a value that is not shown" : JSON.stringify(got);
  return [`${place.join(".")}: got ${shown}, takes ${issue.message}`];
}
