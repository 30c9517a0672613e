import type { RedisEngine } from "./engine";
import { mayHaveSuccessor } from "./minor-versions";

/**
 * Engine, version and who moves the cache to newer minor versions.
 *
 * A cache that AWS has moved is newer than its configuration, and the provider replaces a cache whose version is to go down:
 * every session is lost. So AWS moves none whose version is written down, unless there is nowhere to move it; and where AWS is
 * to move it all the same, Terraform ignores the version.
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

/** What is ignored must not be lost in silence: a version that was raised and that the cache does not have is refused. */
function isAtLeast(version: string) {
  return {
    condition: `\${tonumber(self.engine_version) >= ${version}}`,
    errorMessage:
      `engine version: got ${version}, which is newer than what runs, while autoMinorVersionUpgrade leaves the version to AWS. ` +
      "Fix: deploy with autoMinorVersionUpgrade false and the version that runs, then change the version.",
  };
}
