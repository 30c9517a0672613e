import { compareVersions, findFamily } from "../elasticache";
import { ValidationError } from "../validation";

/** Version and parameter family of memcached. */
export interface MemcachedEngineProps {
  /** The full version, as in "1.6.22". For memcached, ElastiCache accepts no shorter form. */
  readonly version: string;

  /**
   * Family of the parameter group, as in "memcached1.6".
   * @default - from the version
   */
  readonly family?: string;
}

/** The first version with auto discovery. */
const FIRST = "1.4.14";
/** The first version with TLS. */
const FIRST_WITH_TLS = "1.6.12";

/** Version and parameter family of a memcached cluster. ElastiCache refuses a change of one without the other. */
export class MemcachedEngine {
  /** memcached 1.6.22, the newest version that AWS listed in November 2026. */
  static readonly MEMCACHED_1_6_22 = MemcachedEngine.of({ version: "1.6.22" });

  /**
   * Any other version with auto discovery. A cluster warns of one that AWS did not list in November 2026.
   *
   * @throws when the version is malformed or older, or version and family do not match.
   * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/supported-engine-versions.html
   */
  static of(props: MemcachedEngineProps): MemcachedEngine {
    checkEngine(props);
    return new MemcachedEngine(props.version, findFamily("memcached", props.version));
  }

  /** TCP port of the endpoint and the nodes. */
  readonly port = 11211;

  private constructor(
    /** Major, minor and patch version. */
    readonly version: string,
    /** Family of the parameter group. */
    readonly family: string,
  ) {}

  /** Whether this version supports encryption in transit. */
  get speaksTls(): boolean {
    return compareVersions(this.version, FIRST_WITH_TLS) >= 0;
  }
}

function checkEngine({ version, family }: MemcachedEngineProps): void {
  const scope = "MemcachedEngine.of";
  const what = "version of memcached";
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    const allowed = "major, minor and patch version";
    throw new ValidationError(scope, { what, got: version, allowed, fix: `write it like "1.6.22"` });
  }
  if (compareVersions(version, FIRST) < 0) {
    throw new ValidationError(scope, {
      what,
      got: version,
      allowed: `${FIRST}, the first with auto discovery, or later`,
      fix: `take "1.6.22"`,
    });
  }
  const fitting = findFamily("memcached", version);
  if (family === undefined || family === fitting) return;
  throw new ValidationError(scope, {
    what: `family of memcached ${version}`,
    got: family,
    allowed: fitting,
    fix: "leave it out",
  });
}
