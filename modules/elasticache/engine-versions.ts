/** An engine, as ElastiCache names it. */
export type CacheEngine = "redis" | "valkey" | "memcached";

/** A version of an engine that ElastiCache offers. */
interface EngineVersion {
  /** The version, as `engine_version` takes it. */
  readonly version: string;
  /** Family of its parameter groups. */
  readonly family: string;
  /** Whether its major version gets no other minor version. @default false */
  readonly isLast?: true;
}

const offer = (family: string, ...versions: readonly string[]): readonly EngineVersion[] =>
  versions.map((version) => ({ version, family }));

/**
 * The versions that ElastiCache offers, oldest first, as AWS listed them in November 2026. It may have newer ones by now.
 *
 * Redis OSS ends with 7.1 on ElastiCache, and Valkey 7 with 7.2.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html
 */
const OFFERED: Readonly<Record<CacheEngine, readonly EngineVersion[]>> = {
  redis: [
    ...offer("redis4.0", "4.0.10"),
    ...offer("redis5.0", "5.0.6"),
    ...offer("redis6.x", "6.0", "6.2"),
    ...offer("redis7", "7.0"),
    { version: "7.1", family: "redis7", isLast: true },
  ],
  valkey: [
    { version: "7.2", family: "valkey7", isLast: true },
    ...offer("valkey8", "8.0", "8.1", "8.2"),
    ...offer("valkey9", "9.0", "9.1"),
  ],
  memcached: [
    ...offer("memcached1.4", "1.4.5", "1.4.14", "1.4.24", "1.4.33", "1.4.34"),
    ...offer("memcached1.5", "1.5.10", "1.5.16"),
    ...offer("memcached1.6", "1.6.6", "1.6.12", "1.6.17", "1.6.22"),
  ],
};

/** The end of AWS' support of a major version, as `2027-01-31`. */
export interface SupportEnd {
  /** The last day of standard support. Extended Support follows, at an additional price. */
  readonly standard: string;
  /** The last day of Extended Support. Then AWS upgrades the cache to Valkey. */
  readonly extended: string;
}

/**
 * AWS has announced no end for Redis OSS 7, for Valkey and for memcached.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/extended-support.html
 */
const SUPPORT_ENDS: Readonly<Record<string, SupportEnd>> = {
  "redis 4": { standard: "2026-01-31", extended: "2029-01-31" },
  "redis 5": { standard: "2026-01-31", extended: "2029-01-31" },
  "redis 6": { standard: "2027-01-31", extended: "2030-01-31" },
};

/** Versions that ElastiCache offered in November 2026, oldest first; none for another engine. */
export function listVersions(engine: string): readonly string[] {
  return readOffered(engine).map(({ version }) => version);
}

/** The end of support that AWS has announced for a version; undefined without one. */
export function findSupportEnd(engine: string, version: string): SupportEnd | undefined {
  return SUPPORT_ENDS[`${engine} ${readMajor(version)}`];
}

/** The parameter family of a version, also of one that is not listed. */
export function findFamily(engine: CacheEngine, version: string): string {
  const listed = readOffered(engine).find((one) => one.version === version)?.family;
  if (listed !== undefined) return listed;
  return engine === "memcached" ? `memcached${version.split(".").slice(0, 2).join(".")}` : engine + readMajor(version);
}

/** Newer minor versions of the same major version, the oldest first. AWS upgrades to them without a change of the parameter group. */
export function newerMinorVersions(engine: string, version: string): readonly string[] {
  if (engine === "memcached") return [];
  return listVersions(engine).filter(
    (offered) => readMajor(offered) === readMajor(version) && compareVersions(offered, version) > 0,
  );
}

/** Whether AWS has a newer minor version of the same major version, or may have one in the future. */
export function mayHaveSuccessor(engine: string, version: string): boolean {
  return readOffered(engine).find((one) => one.version === version)?.isLast !== true;
}

/** Compares versions part by part: negative if the first is older. A part that is no number is the same as every other. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(".").map(Number), b.split(".").map(Number)];
  for (const index of [0, 1, 2]) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}

function readOffered(engine: string): readonly EngineVersion[] {
  return Object.hasOwn(OFFERED, engine) ? OFFERED[engine as CacheEngine] : [];
}

function readMajor(version: string): string {
  return version.split(".")[0] ?? "";
}
