import { Annotations, Token } from "cdktf";
import type { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import { checkCacheArns } from "../elasticache";
import type { INetwork } from "../network";
import { findRegion } from "../stack/region";
import { checkOneOf, checkText, checkWholeNumber, ValidationError } from "../validation";
import type { EngineName } from "./engine";
import type { RedisServerlessCacheProps, UsageLimits } from "./serverless-props";
import { checkAccessString, checkAuth, checkSnapshots } from "./validation";

const ENGINES: Readonly<Record<string, EngineName>> = { REDIS: "redis", VALKEY: "valkey" };

/** A later default would replace deployed caches (see `majorEngineVersion`). */
const DEFAULT_VERSIONS: Readonly<Record<EngineName, string>> = { redis: "7", valkey: "8" };

/** IAM authentication asks for version 7. Redis OSS ends there on ElastiCache. */
const MAJOR_VERSIONS: Readonly<Record<EngineName, { pattern: RegExp; allowed: string }>> = {
  redis: { pattern: /^7$/, allowed: `"7", because IAM authentication asks for it and later ones are Valkey` },
  valkey: {
    pattern: /^([7-9]|[1-9]\d)$/,
    allowed: `the major version alone, "7" or later, because IAM authentication asks for it`,
  },
};

/**
 * AWS chooses two subnets in us-west-1 and three elsewhere, where a request names none.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_ServerlessCache.html
 */
const SUBNETS = { fewest: 2, most: 3 };

/**
 * Limits of each unit. AWS' API reference has none for stored data: these are those of aws-cdk. Those of ECPUs are the provider's.
 * @see https://github.com/aws/aws-cdk/blob/main/packages/%40aws-cdk/aws-elasticache-alpha/lib/serverless-cache.ts
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/elasticache/serverless_cache.go
 */
const USAGE = {
  dataStorageGb: { min: 1, max: 5000 },
  ecpuPerSecond: { min: 1000, max: 15_000_000 },
} as const;

/**
 * The props of a serverless cache, checked and with all defaults.
 *
 * @throws {ValidationError} when props contradict each other, or ElastiCache does not accept a value.
 */
export function resolveServerlessProps(scope: Construct, props: RedisServerlessCacheProps) {
  const { engine = "valkey", snapshotRetentionDays = 1, ...others } = props;
  checkOneOf(scope, "engine", engine, ENGINES, { atSynth: true });
  const { majorEngineVersion = DEFAULT_VERSIONS[engine] } = props;
  checkMajorVersion(scope, engine, majorEngineVersion);
  checkSubnets(scope, props.network);
  checkUsage(scope, "dataStorageGb", props.dataStorageGb);
  checkUsage(scope, "ecpuPerSecond", props.ecpuPerSecond);
  checkAuth(scope, props);
  checkAccessString(scope, props.accessString);
  checkDailySnapshots(scope, snapshotRetentionDays, props.dailySnapshotTime);
  checkCacheArns(scope, props);
  const form = { kind: ArnKinds.CACHE_SNAPSHOT, region: findRegion(scope) };
  for (const arn of props.snapshotArns ?? []) checkArn(scope, "snapshotArns", arn, form);
  return { ...others, engine, majorEngineVersion, snapshotRetentionDays };
}

/** See {@link resolveServerlessProps}. */
export type ResolvedServerlessProps = ReturnType<typeof resolveServerlessProps>;

function checkMajorVersion(scope: Construct, engine: EngineName, majorEngineVersion: string): void {
  const [major = ""] = majorEngineVersion.split(".");
  const { pattern, allowed } = MAJOR_VERSIONS[engine];
  const fix =
    major !== majorEngineVersion && pattern.test(major) ? `write "${major}"` : `take "${DEFAULT_VERSIONS[engine]}"`;
  checkText(scope, "majorEngineVersion", majorEngineVersion, { pattern, allowed, fix });
}

function checkSubnets(scope: Construct, { privateSubnets }: INetwork): void {
  const { length } = privateSubnets;
  if (length < SUBNETS.fewest) {
    throw new ValidationError(scope, {
      what: "network",
      got: `${length} private subnet`,
      allowed: "private subnets in two or three zones",
      fix: "give the network a second zone",
    });
  }
  if (length <= SUBNETS.most) return;
  Annotations.of(scope).addWarning(
    `${scope.node.path}: network: ${length} private subnets: AWS documents serverless caches in two or three zones, and may refuse more.`,
  );
}

function checkUsage(scope: Construct, what: keyof typeof USAGE, limits: UsageLimits | undefined): void {
  const { min, max } = limits ?? {};
  const range = { ...USAGE[what], fix: "take a number in between, or leave the limit out" };
  checkWholeNumber(scope, `${what}.min`, min, range);
  checkWholeNumber(scope, `${what}.max`, max, range);
  if (limits !== undefined && min === undefined && max === undefined) {
    throw new ValidationError(scope, {
      what,
      got: "no limit",
      allowed: "min, max or both",
      fix: "give one, or leave it out",
    });
  }
  if (min === undefined || max === undefined || [min, max].some((one) => Token.isUnresolved(one)) || min <= max) return;
  throw new ValidationError(scope, {
    what,
    got: `min ${min}, max ${max}`,
    allowed: "a min that is not above max",
    fix: "exchange the two",
  });
}

function checkDailySnapshots(scope: Construct, retentionDays: number, got: string | undefined): void {
  checkText(scope, "dailySnapshotTime", got, {
    pattern: /^([01]\d|2[0-3]):[0-5]\d$/,
    allowed: "hh:mm in UTC",
    fix: 'write it like "16:00"',
  });
  checkSnapshots(scope, retentionDays, { what: "dailySnapshotTime", got });
}
