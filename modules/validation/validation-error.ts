import type { Construct } from "constructs";
import { UserError } from "../../environment/user-error";
import { describeTokens, describeValue } from "./tokens";

/** The four parts of each validation error. */
export interface InvalidValue {
  /** The prop, or the combination of props. */
  readonly what: string;
  /** The given value. */
  readonly got: unknown;
  /** The allowed values. */
  readonly allowed: string;
  /** The change that makes it valid. */
  readonly fix: string;
}

/** Thrown by constructs for invalid props. The message has the prop, its value, the allowed values and the fix. */
export class ValidationError extends UserError {
  override readonly name = "ValidationError";
  /** The prop, or the combination of props. */
  readonly what: string;
  /** The message without construct and prop: what it got, what is allowed, and the fix. */
  readonly details: string;

  /** @param scope - The construct with the prop, or the name of the function. */
  constructor(scope: ValidationScope, { what, got, allowed, fix }: InvalidValue) {
    const where = typeof scope === "string" ? scope : scope.node.path;
    const details = describeTokens(`got ${describeValue(got)}, allowed: ${allowed}. Fix: ${fix}.`);
    super(describeTokens(`${where}: ${what}: ${details}`));
    this.what = what;
    this.details = details;
  }
}

/** The construct that refuses a value, or the name of the function. */
export type ValidationScope = Construct | string;
