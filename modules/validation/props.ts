import { Token } from "cdktf";
import { describeTokens, KNOWN_LATER } from "./tokens";
import { ValidationError, type ValidationScope } from "./validation-error";

/** The type of a prop, so that a program in plain JavaScript gets an error with the prop's name. */
export interface PropType {
  /** For messages, as in "a number". */
  readonly takes: string;
  /** The change that makes a value of another type valid. */
  readonly fix: string;
  readonly accepts: (value: unknown) => boolean;
  /** Type of the elements of a list, or of the values of a record. */
  readonly element?: PropType;
  /** Types of the props of an object. */
  readonly props?: Readonly<Record<string, PropType>>;
  readonly isRequired?: true;
  /** Whether a key of a record whose value is undefined counts as left out. */
  readonly isOptional?: true;
}

/** The type of a prop that must be there. */
export interface RequiredType extends PropType {
  readonly isRequired: true;
}

/** A type for each prop of an interface; the compiler holds it to the interface. */
export type PropTypes<P> = {
  readonly [K in keyof P]-?: undefined extends P[K] ? PropType : RequiredType;
};

/** A text, or a token of one. */
export const TEXT: PropType = {
  takes: "a text",
  fix: "write it in quotes; of a token, take Token.asString()",
  accepts: (value) => typeof value === "string",
};

/** A text that synthesis itself uses, as a path. */
export const TEXT_AT_SYNTH: PropType = {
  takes: "a text known at synth",
  fix: "write it in quotes",
  accepts: (value) => typeof value === "string" && !Token.isUnresolved(value),
};

/** A number, or a token of one. */
export const NUMBER: PropType = {
  takes: "a number",
  fix: "write it without quotes; of a token, take Token.asNumber()",
  accepts: (value) => typeof value === "number",
};

/** A boolean, known at synth. */
export const BOOLEAN: PropType = {
  takes: "true or false, known at synth",
  fix: "write true or false, without quotes",
  accepts: (value) => typeof value === "boolean",
};

/** An object with these members. Objects of another copy of a package are allowed too. */
export function objectWith(takes: string, fix: string, ...members: readonly string[]): PropType {
  return { takes, fix, accepts: (value) => isObject(value) && members.every((member) => member in value) };
}

/** A list, known at synth; its elements may be tokens. */
export function listOf(element: PropType): PropType {
  return {
    takes: `a list, known at synth, each element ${element.takes}`,
    fix: "write the list out, in brackets",
    accepts: (value) => Array.isArray(value) && !Token.isUnresolved(value),
    element,
  };
}

/** An object of any keys, known at synth; its values may be tokens. */
export function recordOf(element: PropType): PropType {
  return {
    takes: `an object with keys known at synth, each value ${element.takes}`,
    fix: "write its keys out",
    accepts: (value) => isObject(value) && !isRecordToken(value),
    element,
  };
}

/** An object of these props and no others. */
export function objectOf<P extends object>(props: PropTypes<P>): PropType {
  const names = Object.keys(props).join(", ");
  return { takes: `an object with ${names}`, fix: "write it in braces", accepts: isObject, props };
}

/** The type of a record's values that may be undefined in plain JavaScript: such a key counts as left out. */
export function optional(type: PropType): PropType {
  return { ...type, isOptional: true };
}

/** The type of a prop that must be there. */
export function required(type: PropType): RequiredType {
  return { ...type, isRequired: true };
}

/**
 * Checks props as TypeScript does while it compiles: for programs in plain JavaScript, and for objects that are spread.
 *
 * @param what - where the props are, for the message. @default - they are the construct's own
 * @throws {ValidationError} when a prop is unknown, missing, or of another type.
 */
export function checkProps<P extends object>(
  scope: ValidationScope,
  props: P,
  types: PropTypes<P>,
  what = "props",
): void {
  checkValue(scope, what, props, objectOf(types));
}

/** Those props of a larger object that an interface has. */
export function pickProps<P extends object>(props: P, types: PropTypes<P>): P {
  return Object.fromEntries(Object.entries(props).filter(([name]) => name in types)) as P;
}

function checkValue(scope: ValidationScope, what: string, value: unknown, type: PropType): void {
  if (!type.accepts(value)) {
    throw new ValidationError(scope, { what, got: describeType(value), allowed: type.takes, fix: type.fix });
  }
  const { element, props } = type;
  if (element !== undefined) {
    for (const [key, inner] of Object.entries(value as object)) {
      if (inner === undefined && element.isOptional) continue;
      checkValue(scope, `${what}.${key}`, inner, element);
    }
  }
  if (props !== undefined) checkObject(scope, what, value as Readonly<Record<string, unknown>>, props);
}

function checkObject(
  scope: ValidationScope,
  what: string,
  value: Readonly<Record<string, unknown>>,
  types: Readonly<Record<string, PropType>>,
): void {
  const place = what === "props" ? "" : `${what}.`;
  for (const name of Object.keys(value)) {
    if (name in types) continue;
    const allowed = Object.keys(types).join(", ");
    throw new ValidationError(scope, {
      what: `${place}${name}`,
      got: "an unknown prop",
      allowed,
      fix: "look for a spelling mistake, or leave it out",
    });
  }
  for (const [name, type] of Object.entries(types)) {
    const inner = value[name];
    if (inner === undefined && !type.isRequired) continue;
    checkValue(scope, `${place}${name}`, inner, type);
  }
}

/** cdktf writes a token of a map as an object whose one key is a token. */
function isRecordToken(value: object): boolean {
  return Object.keys(value).some((key) => describeTokens(key) !== key);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The kind of a value. */
function describeType(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Token.isUnresolved(value) || (isObject(value) && isRecordToken(value))) return KNOWN_LATER;
  if (Array.isArray(value)) return "a list";
  if (isObject(value)) return Object.getPrototypeOf(value) === Object.prototype ? "an object" : value.constructor.name;
  return `the ${typeof value === "string" ? "text" : typeof value} ${JSON.stringify(value)}`;
}
