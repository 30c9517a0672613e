import { Token } from "cdktf";
import { UserError } from "../../environment/user-error";

/** The oldest one on which AWS still lets functions be created. */
const OLDEST = 22;
/**
 * The first version of Terraform's AWS provider that takes a runtime: the provider knows runtimes by a list, so an older
 * one refuses a newer runtime. Later runtimes need at least that one.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/44986
 */
const FIRST_PROVIDER = { runtime: 24, provider: "6.19.0" };

/**
 * The Node.js that a function runs on, as Lambda names it.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-nodejs.html
 */
export class NodeRuntime {
  /** Node.js 22. AWS supports it until 30 April 2027, and refuses updates of its functions from 1 July 2027. */
  static readonly NODEJS_22_X = NodeRuntime.of("nodejs22.x");

  /** Node.js 24. It takes an AWS provider of 6.19 or later, which comes with `@cdktf/provider-aws` 21. */
  static readonly NODEJS_24_X = NodeRuntime.of("nodejs24.x");

  /**
   * Any other runtime of Lambda for Node.js.
   *
   * @param name - As Lambda names it: `nodejs26.x`. A Terraform token is taken as it is.
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
    /** As Lambda names it. */
    readonly name: string,
    /** Major version of Node.js; undefined where the name is a token. */
    readonly major: number | undefined,
  ) {}
}

/**
 * The provider version a runtime needs, where the given one is older.
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
