import { mayHaveSuccessor } from "../elasticache";
import type { RedisEngine } from "./engine";

/**
 * Engine, version, and whether AWS or Terraform moves the cache to newer minor versions.
 *
 * After AWS has moved a cache, the cache is newer than its configuration. The provider replaces a cache to lower its version, and
 * every session is lost. So automatic upgrades are off by default, unless the engine has no newer minor version. With automatic
 * upgrades on, Terraform ignores the version.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/elasticache/engine_version.go
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html AutoMinorVersionUpgrade
 */
export function engineUpkeep({ engine, version }: RedisEngine, autoMinorVersionUpgrade: boolean | undefined) {
  const isMovable = mayHaveSuccessor(engine, version);
  const isMoved = autoMinorVersionUpgrade ?? !isMovable;
  const ignoresVersion = isMoved && isMovable;
  return {
    engine,
    engineVersion: version,
    autoMinorVersionUpgrade: String(isMoved),
    ignoreChanges: ignoresVersion ? ["engine_version"] : [],
    postcondition: ignoresVersion ? [isAtLeast(version)] : undefined,
  };
}

/** Terraform ignores a raised version in silence, so a precondition refuses a version that is newer than the cache's. */
function isAtLeast(version: string) {
  return {
    condition: `\${tonumber(self.engine_version) >= ${version}}`,
    errorMessage:
      `engine version: got ${version}, which is newer than what runs, while autoMinorVersionUpgrade leaves the version to AWS. ` +
      "Fix: deploy with autoMinorVersionUpgrade false and the version that runs, then change the version.",
  };
}
