import { isDeepStrictEqual } from "node:util";

/** Objects that JSON holds as they are: arrays, and objects of no class. */
export function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether two values are the same to a session: a property that is undefined is not there. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (!isPlain(one) || !isPlain(other)) return one === other || isDeepStrictEqual(one, other);
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [ofOne, ofOther] = [readProperties(one), readProperties(other)];
  return ofOne.size === ofOther.size && [...ofOne].every(([name, value]) => isSameValue(value, ofOther.get(name)));
}

function readProperties(value: object): Map<string, unknown> {
  // An element that is undefined has a place in an array, which JSON would fill with null.
  return new Map(Object.entries(value).filter(([, inner]) => inner !== undefined || Array.isArray(value)));
}

/** Whether this is the value's JSON; never for a value that JSON does not hold as it is: a Map is `{}` there. */
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
