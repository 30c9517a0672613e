import { compareVersions, findFamily } from "../elasticache";
import { ValidationError } from "../validation";

/** Engines of a replication group. */
export type EngineName = "redis" | "valkey";

/** Engine, version and parameter family of a cache. */
export interface RedisEngineProps {
  /** The engine of the nodes. */
  readonly engine: EngineName;

  /** Major and minor version, as in "7.1". ElastiCache chooses the patch version; with a pinned one, every plan shows a difference. */
  readonly version: string;

  /**
   * Family of the parameter group, as in "redis7".
   * @default - made from engine and major version
   */
  readonly family?: string;
}

/** The first version of each engine with IAM authentication. */
const FIRST: Readonly<Record<EngineName, string>> = { redis: "7.0", valkey: "7.2" };

/**
 * The engine of a cache. Engine, version and parameter family are one value, because ElastiCache refuses a change of one without
 * the others.
 */
export class RedisEngine {
  /** Redis OSS 7.0. */
  static readonly REDIS_7_0 = RedisEngine.of({ engine: "redis", version: "7.0" });

  /** Redis OSS 7.1, the last version of Redis OSS on ElastiCache. */
  static readonly REDIS_7_1 = RedisEngine.of({ engine: "redis", version: "7.1" });

  /** Valkey 7.2. A cache with Redis OSS 7.1 changes to it in place, as to each later version of Valkey. */
  static readonly VALKEY_7_2 = RedisEngine.of({ engine: "valkey", version: "7.2" });

  /** Valkey 8.0. */
  static readonly VALKEY_8_0 = RedisEngine.of({ engine: "valkey", version: "8.0" });

  /** Valkey 8.1. */
  static readonly VALKEY_8_1 = RedisEngine.of({ engine: "valkey", version: "8.1" });

  /** Valkey 8.2. */
  static readonly VALKEY_8_2 = RedisEngine.of({ engine: "valkey", version: "8.2" });

  /** Valkey 9.0. */
  static readonly VALKEY_9_0 = RedisEngine.of({ engine: "valkey", version: "9.0" });

  /** Valkey 9.1, the newest version that AWS listed in November 2026. */
  static readonly VALKEY_9_1 = RedisEngine.of({ engine: "valkey", version: "9.1" });

  /**
   * Any other version that supports IAM authentication. A cache warns of one that AWS did not list in November 2026.
   *
   * @throws when the version is older, or engine, version and family do not match.
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
   */
  static of(props: RedisEngineProps): RedisEngine {
    checkEngine(props);
    return new RedisEngine(props.engine, props.version, findFamily(props.engine, props.version));
  }

  /** TCP port of the endpoint. */
  readonly port = 6379;

  private constructor(
    /** Engine, as ElastiCache names it. */
    readonly engine: EngineName,
    /** Major and minor version. */
    readonly version: string,
    /** Family of the parameter group. */
    readonly family: string,
  ) {}
}

function checkEngine({ engine, version, family }: RedisEngineProps): void {
  const scope = "RedisEngine.of";
  const first = FIRST[engine];
  if (first === undefined) {
    const allowed = Object.keys(FIRST).join(", ");
    throw new ValidationError(scope, { what: "engine", got: engine, allowed, fix: "take one of those" });
  }
  const what = `version of ${engine}`;
  if (!/^\d+\.\d+$/.test(version)) {
    const [major = "7", minor = "1"] = version.split(".");
    const fix = /^\d+\.\d+\./.test(version) ? `write "${major}.${minor}"` : `write it like "7.2"`;
    throw new ValidationError(scope, { what, got: version, allowed: "major and minor version only", fix });
  }
  if (compareVersions(version, first) < 0) {
    const allowed = `"${first}" or later, because IAM authentication asks for it`;
    throw new ValidationError(scope, { what, got: version, allowed, fix: "take such a version or the other engine" });
  }
  const fitting = findFamily(engine, version);
  if (family === undefined || family === fitting) return;
  throw new ValidationError(scope, {
    what: `family of ${engine} ${version}`,
    got: family,
    allowed: fitting,
    fix: "leave it out",
  });
}
