import { Token } from "cdktf";
import type { Construct } from "constructs";
import { UserError } from "../../environment/user-error";

/** The four parts of each validation error. */
export interface InvalidValue {
  /** The prop, or the combination of props. */
  readonly what: string;
  /** The value that came in. */
  readonly got: unknown;
  /** The values that are taken instead. */
  readonly allowed: string;
  /** The change that makes it valid. */
  readonly fix: string;
}

/** Thrown by constructs for props that they do not take. The message says what, got, allowed and fix. */
export class ValidationError extends UserError {
  override readonly name = "ValidationError";

  /** @param scope - The construct that was given the value, or the name of the function. */
  constructor(scope: ValidationScope, { what, got, allowed, fix }: InvalidValue) {
    const where = typeof scope === "string" ? scope : scope.node.path;
    const value = typeof got === "string" ? got : JSON.stringify(got);
    super(`${where}: ${what}: got ${value}, allowed: ${allowed}. Fix: ${fix}.`);
  }
}

/** The construct that refuses a value, or the name of the function. */
export type ValidationScope = Construct | string;

/**
 * The checks below let undefined pass, which is a prop that was left out, and a Terraform token, whose value is known only
 * after deployment.
 */
interface Check {
  /** The change that makes it valid. */
  readonly fix: string;
  /** Whether the value must be known at synth: a token is refused then. @default false */
  readonly atSynth?: boolean;
}

/** Limits of a number, both included. */
export interface NumberLimits extends Check {
  /** The least that is taken. */
  readonly min: number;
  /** The most that is taken. @default - no upper limit */
  readonly max?: number | undefined;
  /** As in `days`. @default - the name of the prop has the unit */
  readonly unit?: string;
  /** The limits in words. @default - made of `min`, `max` and `unit` */
  readonly allowed?: string;
  /** Follows the limits in the message, to explain them. @default - nothing */
  readonly because?: string;
}

/** @throws {ValidationError} when a number is not whole, or out of its limits. */
export function checkWholeNumber(
  scope: ValidationScope,
  what: string,
  got: number | undefined,
  limits: NumberLimits,
): void {
  if (got === undefined || isTokenAllowed(got, limits) || (Number.isInteger(got) && isWithin(got, limits))) return;
  const { min, max, unit, fix, because = "" } = limits;
  const range = max === undefined ? `, at least ${min}` : ` from ${min} to ${max}`;
  const { allowed = `a whole number${unit === undefined ? "" : ` of ${unit}`}${range}` } = limits;
  throw new ValidationError(scope, { what, got: describeValue(got), allowed: allowed + because, fix });
}

/** @throws {ValidationError} when a number is out of its limits, whole or not. */
export function checkNumber(
  scope: ValidationScope,
  what: string,
  got: number | undefined,
  limits: Check & Required<Pick<NumberLimits, "min" | "max">>,
): void {
  if (got === undefined || isTokenAllowed(got, limits) || isWithin(got, limits)) return;
  const allowed = `${limits.min} to ${limits.max}`;
  throw new ValidationError(scope, { what, got: describeValue(got), allowed, fix: limits.fix });
}

/** The form of a text. */
export interface TextForm extends Check {
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly allowed: string;
}

/** @throws {ValidationError} when a text has not the form. */
export function checkText(scope: ValidationScope, what: string, got: string | undefined, form: TextForm): void {
  const { pattern, allowed, fix } = form;
  const isToken = Token.isUnresolved(got);
  if (got === undefined || isTokenAllowed(got, form) || (!isToken && pattern.test(got))) return;
  throw new ValidationError(scope, { what, got: isToken ? describeValue(got) : JSON.stringify(got), allowed, fix });
}

/** @throws {ValidationError} when a value is none of those an enumeration has. */
export function checkOneOf(
  scope: ValidationScope,
  what: string,
  got: string | undefined,
  values: Readonly<Record<string, string>>,
): void {
  const known = Object.values(values);
  if (got === undefined || known.includes(got)) return;
  throw new ValidationError(scope, {
    what,
    got: JSON.stringify(got),
    allowed: known.join(", "),
    fix: "take one of those",
  });
}

function isTokenAllowed(got: string | number, { atSynth = false }: Check): boolean {
  return !atSynth && Token.isUnresolved(got);
}

function isWithin(got: number, { min, max = Number.POSITIVE_INFINITY }: Pick<NumberLimits, "min" | "max">): boolean {
  return !Token.isUnresolved(got) && got >= min && got <= max;
}

function describeValue(got: string | number): unknown {
  return Token.isUnresolved(got) ? "a value known only after deployment" : got;
}
