import { isPlain } from "./same-value";
import { SessionDataError } from "./session-data-error";

/** Methods that still change an object after `Object.freeze`. */
const MUTATORS: readonly [type: new () => object, methods: readonly string[]][] = [
  [Date, Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith("set"))],
  [Map, ["set", "delete", "clear"]],
  [Set, ["add", "delete", "clear"]],
];

/**
 * Freezes a plain object or an array and all that is in it. A Date, a Map and a Set get methods that throw (as Immer does it).
 * An object of another class stays as it is, bytes among them. So does a proxy that refuses to be frozen: the guard of a value that
 * was read from the session is one, and throws by itself.
 */
export function freezeAll(value: unknown): void {
  freeze(value, new Set());
}

/** @param seen - objects that are done already: one may contain itself. */
function freeze(value: unknown, seen: Set<object>): void {
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  for (const [type, methods] of MUTATORS) if (value instanceof type) refuse(value, methods);
  if (!isPlain(value) || !Reflect.preventExtensions(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner, seen);
}

/** A Date, a Map or a Set that takes no property stays as it is: an error here would hide an answer whose changes are stored. */
function refuse(value: object, methods: readonly string[]): void {
  for (const method of methods) {
    const refusal = () => {
      throw new SessionDataError(
        `session: ${method}() of a value that is stored already: it would not be stored again`,
      );
    };
    Reflect.defineProperty(value, method, { configurable: true, value: refusal });
  }
}
