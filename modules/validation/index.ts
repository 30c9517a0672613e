import { Token } from "cdktf";
import { KNOWN_LATER } from "./tokens";
import { ValidationError, type ValidationScope } from "./validation-error";

export * from "./props";
export { KNOWN_LATER, numberToText } from "./tokens";
export { type InvalidValue, ValidationError, type ValidationScope } from "./validation-error";

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
  /** The smallest allowed value. */
  readonly min: number;
  /** The largest allowed value. @default - no upper limit */
  readonly max?: number | undefined;
  /** Unit, as in `days`. @default - the name of the prop has the unit */
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
  throw new ValidationError(scope, { what, got, allowed: allowed + because, fix });
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
  throw new ValidationError(scope, { what, got, allowed, fix: limits.fix });
}

/** The form of a text. */
export interface TextForm extends Check {
  readonly pattern: RegExp;
  /** The pattern in words. */
  readonly allowed: string;
}

/** @throws {ValidationError} when a text does not have the form. */
export function checkText(scope: ValidationScope, what: string, got: string | undefined, form: TextForm): void {
  const { pattern, allowed, fix } = form;
  const isToken = Token.isUnresolved(got);
  if (got === undefined || isTokenAllowed(got, form) || (!isToken && pattern.test(got))) return;
  throw new ValidationError(scope, { what, got: isToken ? KNOWN_LATER : JSON.stringify(got), allowed, fix });
}

/** @throws {ValidationError} when a value is not in an enumeration. */
export function checkOneOf(
  scope: ValidationScope,
  what: string,
  got: string | undefined,
  values: Readonly<Record<string, string>>,
  { atSynth = false }: Pick<Check, "atSynth"> = {},
): void {
  const known = Object.values(values);
  if (got === undefined || known.includes(got) || isTokenAllowed(got, { atSynth })) return;
  throw new ValidationError(scope, {
    what,
    got: Token.isUnresolved(got) ? KNOWN_LATER : JSON.stringify(got),
    allowed: known.join(", "),
    fix: "take one of those",
  });
}

function isTokenAllowed(got: string | number, { atSynth = false }: Pick<Check, "atSynth">): boolean {
  return !atSynth && Token.isUnresolved(got);
}

function isWithin(got: number, { min, max = Number.POSITIVE_INFINITY }: Pick<NumberLimits, "min" | "max">): boolean {
  return !Token.isUnresolved(got) && got >= min && got <= max;
}
