import { Token } from "cdktf";
import { UserError } from "../../environment/user-error";

/** The oldest version for which Lambda still accepts new functions. */
const OLDEST = 22;
/**
 * The first version of Terraform's AWS provider that accepts a runtime. The provider has a list of runtimes, so older versions refuse newer
 * runtimes. Later runtimes need at least this version.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/44986
 */
const FIRST_PROVIDER = { runtime: 24, provider: "6.19.0" };

/**
 * A Node.js runtime of Lambda.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export class NodeRuntime {
  /** Node.js 22. AWS supports it until 30 April 2027, and refuses updates of its functions from 1 July 2027. */
  static readonly NODEJS_22_X = NodeRuntime.of("nodejs22.x");

  /** Node.js 24. It needs AWS provider 6.19 or later, which comes with `@cdktf/provider-aws` 21. */
  static readonly NODEJS_24_X = NodeRuntime.of("nodejs24.x");

  /**
   * Any other runtime of Lambda for Node.js.
   *
   * @param name - Lambda's name, as in `nodejs26.x`. A Terraform token is passed on unchanged.
   * @throws when it is not a runtime for Node.js 22 or later.
   */
  static of(name: string): NodeRuntime {
    if (Token.isUnresolved(name)) return new NodeRuntime(name, undefined);
    const major = Number(/^nodejs([1-9]\d)\.x$/.exec(name)?.[1]);
    if (major >= OLDEST) return new NodeRuntime(name, major);
    throw new UserError(
      `NodeRuntime.of: runtime: got ${JSON.stringify(name)}, allowed: "nodejs${OLDEST}.x" or later, as Lambda names it. Fix: take NodeRuntime.NODEJS_22_X.`,
    );
  }

  private constructor(
    /** Lambda's name of the runtime. */
    readonly name: string,
    /** Major version of Node.js; undefined if the name is a token. */
    readonly major: number | undefined,
  ) {}
}

/**
 * The provider version that the runtime needs, if the given version is older; else undefined.
 *
 * @param provider - Version of Terraform's AWS provider, as in `5.100.0`.
 */
export function neededProvider({ major }: NodeRuntime, provider: string): string | undefined {
  if (major === undefined || major < FIRST_PROVIDER.runtime) return undefined;
  return isOlder(provider, FIRST_PROVIDER.provider) ? FIRST_PROVIDER.provider : undefined;
}

function isOlder(version: string, other: string): boolean {
  return version.localeCompare(other, "en", { numeric: true }) < 0;
}
