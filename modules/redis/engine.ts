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

/** The first and last allowed version of each engine. IAM authentication needs Redis 7.0 or Valkey 7.2. */
const VERSIONS: Record<EngineName, { from: number; to: number; text: string }> = {
  redis: {
    from: 7.0,
    to: 7.1,
    text: `"7.0" or "7.1", because IAM authentication asks for 7.0 and later ones are Valkey`,
  },
  valkey: { from: 7.2, to: Number.POSITIVE_INFINITY, text: `"7.2" or later, because IAM authentication asks for it` },
};

/**
 * The engine of a cache. Engine, version and parameter family are one value, because ElastiCache refuses a change of one without
 * the others.
 */
export class RedisEngine {
  /** Redis OSS 7.1, the last version of Redis OSS on ElastiCache. */
  static readonly REDIS_7_1 = RedisEngine.of({ engine: "redis", version: "7.1" });

  /** Valkey 8.0. A cache with Redis OSS 7.1 changes to it in place. */
  static readonly VALKEY_8_0 = RedisEngine.of({ engine: "valkey", version: "8.0" });

  /**
   * Any other version that supports IAM authentication.
   *
   * @throws when engine, version and family do not match.
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
   */
  static of(props: RedisEngineProps): RedisEngine {
    checkEngine(props);
    return new RedisEngine(props.engine, props.version, props.family ?? parseFamily(props));
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
  const versions = VERSIONS[engine];
  if (versions === undefined) {
    const allowed = Object.keys(VERSIONS).join(", ");
    throw new ValidationError(scope, { what: "engine", got: engine, allowed, fix: "take one of those" });
  }
  const what = `version of ${engine}`;
  if (!/^\d+\.\d$/.test(version)) {
    const [major = "7", minor = "1"] = version.split(".");
    const fix = /^\d+\.\d+\./.test(version) ? `write "${major}.${minor}"` : `write it like "7.2"`;
    throw new ValidationError(scope, { what, got: version, allowed: "major and minor version only", fix });
  }
  if (Number(version) < versions.from || Number(version) > versions.to) {
    const fix = "take such a version or the other engine";
    throw new ValidationError(scope, { what, got: version, allowed: versions.text, fix });
  }
  const fitting = parseFamily({ engine, version });
  if (family === undefined || family === fitting) return;
  throw new ValidationError(scope, {
    what: `family of ${engine} ${version}`,
    got: family,
    allowed: fitting,
    fix: "leave it out",
  });
}

function parseFamily({ engine, version }: Pick<RedisEngineProps, "engine" | "version">): string {
  return `${engine}${version.split(".")[0]}`;
}
