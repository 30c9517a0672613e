import { isDeepStrictEqual } from "node:util";

/** Whether JSON holds this object as it is: an array, or an object without a class. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a session treats two values as the same. A property that is undefined counts as missing. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (!isPlain(one) || !isPlain(other)) return one === other || isDeepStrictEqual(one, other);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [ofOne, ofOther] = [readProperties(one), readProperties(other)];
  return ofOne.size === ofOther.size && [...ofOne].every(([name, value]) => isSameValue(value, ofOther.get(name)));
}

function readProperties(value: object): Map<string, unknown> {
  // An undefined element keeps its place in an array: JSON would write null for it.
  return new Map(Object.entries(value).filter(([, inner]) => inner !== undefined || Array.isArray(value)));
}

/** Whether this is the value's JSON. False for a value that JSON does not hold as it is, such as a Map, whose JSON is `{}`. */
export function isJsonOf(value: unknown, json: string): boolean {
  return isJsonValue(value) && JSON.stringify(value) === json;
}

function isJsonValue(value: unknown): boolean {
  if (isPlain(value)) return Object.values(value).every(isJsonValue);
  return (
    value === undefined ||
    value === null ||
    typeof value === "string" ||
    typeof value === "boolean" ||
    Number.isFinite(value)
  );
}
