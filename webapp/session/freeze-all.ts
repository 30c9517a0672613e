import { isPlain } from "./same-value";
import { SessionDataError } from "./session-data-error";

/** Methods that change an object that `Object.freeze` leaves open. */
const MUTATORS: readonly [type: new () => object, methods: readonly string[]][] = [
  [Date, Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith("set"))],
  [Map, ["set", "delete", "clear"]],
  [Set, ["add", "delete", "clear"]],
];

/**
 * Freezes a plain object or an array and all that is in it. A Date, a Map and a Set get methods that throw (as Immer does it); an
 * object of another class, bytes among them, stays as it is.
 */
export function freezeAll(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  for (const [type, methods] of MUTATORS) if (value instanceof type) refuse(value, methods);
  if (!isPlain(value)) return;
  Object.freeze(value);
  Object.values(value).forEach(freezeAll);
}

function refuse(value: object, methods: readonly string[]): void {
  for (const method of methods) {
    const refusal = () => {
      throw new SessionDataError(
        `session: ${method}() of a value that is stored already: it would not be stored again`,
      );
    };
    Object.defineProperty(value, method, { configurable: true, value: refusal });
  }
}
