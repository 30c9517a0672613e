import * as z from "zod";
import { arn, text, whole } from "./values";

const TAKES = 'true, or an object { "engine", "dataStorageGb", "ecpuPerSecond", "dailySnapshotTime", "snapshotArns" }';

const limits = (unit: string, min: number, max: number) => {
  const limit = whole(min, max).optional();
  return z.strictObject(
    {
      min: limit.meta({ description: `Smallest number of ${unit}, which AWS bills`, otherwise: "no lower limit" }),
      max: limit.meta({ description: `Largest number of ${unit}`, otherwise: "no upper limit" }),
    },
    'an object { "min", "max" }',
  );
};

/** A serverless cache. `true` is one with every default, and `false` is none. */
export const serverless = z.preprocess(
  (given) => (typeof given === "boolean" ? (given ? {} : undefined) : given),
  z
    .strictObject(
      {
        engine: text(/^(redis|valkey)-\d{1,2}$/, "an engine with its major version, as in valkey-8")
          .default("valkey-8")
          .meta({ description: "Engine and its major version: redis-7, valkey-7, valkey-8 and later" }),
        dataStorageGb: limits("GB of stored data", 1, 5000)
          .optional()
          .meta({ description: "Limits of the stored data in GB", otherwise: "no limits" }),
        ecpuPerSecond: limits("ECPUs a second", 1000, 15_000_000)
          .optional()
          .meta({ description: "Limits of ElastiCache Processing Units a second", otherwise: "no limits" }),
        dailySnapshotTime: text(/^\d\d:\d\d$/, "hh:mm in UTC")
          .optional()
          .meta({ description: "Time of the daily snapshot: hh:mm in UTC", otherwise: "AWS chooses" }),
        snapshotArns: z
          .array(arn("elasticache", "a snapshot"), "a list of ARNs of snapshots")
          .min(1, "at least one ARN of a snapshot")
          .optional()
          .meta({ description: "ARNs of the snapshots that a new cache starts from", otherwise: "an empty cache" }),
      },
      TAKES,
    )
    .optional(),
);

/** The settings of a cache that apply to a serverless cache too. */
const SHARED = ["serverless", "auth", "existingUserGroup", "kmsKeyArn", "snapshotRetentionDays"];

/** Whether a setting of a cache is about its nodes, and has no effect on a serverless cache. */
export function isSettingOfNodes(key: string): boolean {
  return !SHARED.includes(key);
}

/** The settings of a serverless cache that take the place of those of nodes. */
const IN_PLACE: Readonly<Record<string, string>> = {
  engine: "redis.serverless.engine",
  snapshotWindow: "redis.serverless.dailySnapshotTime",
  snapshotName: "redis.serverless.snapshotArns",
};

interface Cache {
  readonly redis: { readonly serverless?: object | undefined; readonly auth?: string | undefined };
}

/** Refuses settings of nodes beside a serverless cache, because they would have no effect. */
export function refuseNodeSettings({ redis }: Cache, check: z.RefinementCtx): void {
  if (redis.serverless === undefined) return;
  for (const [key, value] of Object.entries(redis)) {
    if (value === undefined || !isSettingOfNodes(key)) continue;
    const other = IN_PLACE[key];
    const fix = other === undefined ? "a serverless cache has no nodes" : `take ${other}`;
    check.addIssue({
      code: "custom",
      path: ["redis", key],
      message: `nothing beside redis.serverless: leave it out (${fix})`,
    });
  }
  if (redis.auth !== "none") return;
  const message = '"iam" beside redis.serverless, whose users always log in: leave it out';
  check.addIssue({ code: "custom", path: ["redis", "auth"], message });
}
