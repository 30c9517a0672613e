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

/** A number that orders versions: 9.10 is above 9.9. */
const MAJOR = 1000;

/** Terraform ignores a raised version in silence, so a postcondition refuses a version that is newer than the cache's. */
function isAtLeast(version: string) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const part = (index: number) => `tonumber(split(".", self.engine_version)[${index}])`;
  return {
    condition: `\${${part(0)} * ${MAJOR} + ${part(1)} >= ${major * MAJOR + minor}}`,
    errorMessage:
      `engine version: got ${version}, which is newer than what runs, while autoMinorVersionUpgrade leaves the version to AWS. ` +
      "Fix: deploy with autoMinorVersionUpgrade false and the version that runs, then change the version.",
  };
}
