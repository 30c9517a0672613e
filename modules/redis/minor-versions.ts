import type { EngineName } from "./engine";

/**
 * Minor versions that ElastiCache offers, oldest first, as of November 2026. It may have newer ones by now.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
 */
const OFFERED: Readonly<Record<EngineName, readonly string[]>> = {
  redis: ["7.0", "7.1"],
  valkey: ["7.2", "8.0", "8.1", "8.2", "9.0", "9.1"],
};

/** Minor versions that are the last of their major version: Redis OSS ends with 7.1 on ElastiCache, Valkey 7 with 7.2. */
const LAST: Readonly<Record<EngineName, readonly string[]>> = { redis: ["7.1"], valkey: ["7.2"] };

/** Newer minor versions of the same major version, the oldest first. AWS upgrades to them without a change of the parameter group. */
export function newerMinorVersions(engine: string, version: string): readonly string[] {
  const [major] = version.split(".");
  return (OFFERED[engine as EngineName] ?? []).filter(
    (offered) => offered.split(".")[0] === major && Number(offered) > Number(version),
  );
}

/** Whether AWS has a newer minor version of the same major version, or may have one in the future. */
export function mayHaveSuccessor(engine: string, version: string): boolean {
  return !(LAST[engine as EngineName] ?? []).includes(version);
}
