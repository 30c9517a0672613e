import * as z from "zod";
import { RESERVED_NAMES } from "./context-session";
import { buildCounter } from "./counter";
import { SessionDataError } from "./session-data-error";
import { type Counter, OWN_FIELDS } from "./store";

/** Longest JSON of one attribute, in bytes. A session is read whole on every request. */
const MAX_ATTRIBUTE_BYTES = 4096;
/** Longest session, in bytes of JSON. */
const MAX_SESSION_BYTES = 16_384;

/** The attribute the layer itself keeps: who is logged in. */
export const USER = "user";

const NAME = /^[a-zA-Z][a-zA-Z0-9-]{0,63}$/;
const TAKEN: ReadonlySet<string> = new Set([...OWN_FIELDS, ...RESERVED_NAMES]);

/** The attributes of a session by name, as handlers left them. */
export type Entries = readonly (readonly [name: string, value: unknown])[];

/** The attributes a session may hold: names and types, and their way to JSON and back. */
export class Attributes {
  readonly #shape: Readonly<Record<string, z.ZodType>>;

  /** @throws {SessionDataError} when the schema has a name that no attribute can have. */
  constructor(schema: z.ZodObject) {
    for (const name of Object.keys(schema.shape)) {
      if (name === USER) throw new SessionDataError(`session schema: "${USER}" is kept by login() and logout()`);
      if (!NAME.test(name) || TAKEN.has(name)) {
        const allowed = "letters, digits and -, a letter first, none of the session object's own names";
        throw new SessionDataError(`session schema: got the name ${JSON.stringify(name)}, allowed: ${allowed}`);
      }
    }
    this.#shape = Object.freeze(
      Object.assign(Object.create(null), schema.shape, {
        [USER]: z
          .string()
          .min(1)
          .max(MAX_ATTRIBUTE_BYTES / 4),
      }),
    );
  }

  /** The value of a stored attribute; undefined when the schema has no such name or the value does not fit it. */
  decode(name: string, json: string): unknown {
    const type = this.#shape[name];
    if (type === undefined) return undefined;
    try {
      const { success, data } = type.safeParse(JSON.parse(json));
      return success ? data : undefined;
    } catch {
      return undefined;
    }
  }

  /**
   * Session data as JSON, attribute by attribute; an attribute that is undefined is not there.
   *
   * @throws {SessionDataError} when a value does not fit the schema or is too long; the message has its name.
   */
  encode(data: Readonly<Record<string, unknown>>): Map<string, string> {
    const encoded = new Map<string, string>();
    let bytes = 0;
    for (const [name, value] of Object.entries(data)) {
      if (value === undefined) continue;
      const json = this.#encodeOne(name, value);
      bytes += Buffer.byteLength(json);
      encoded.set(name, json);
    }
    if (bytes > MAX_SESSION_BYTES) {
      throw new SessionDataError(`session data: got ${bytes} bytes, allowed: at most ${MAX_SESSION_BYTES}`);
    }
    return encoded;
  }

  /**
   * Looks for what can't be stored: names outside the schema, and functions.
   *
   * @throws {SessionDataError} when there is one; the message has its name.
   */
  check(entries: Entries): void {
    for (const [name, value] of entries) {
      if (this.#shape[name] === undefined) throw this.#unknown(name);
      if (typeof value === "function") {
        throw new SessionDataError(`session data: ${name}: got a function, allowed: what JSON can hold`);
      }
    }
  }

  /** Whether checked attributes are others than those that are known, name by name as JSON. */
  differ(entries: Entries, known: ReadonlyMap<string, string> | undefined): boolean {
    let count = 0;
    for (const [name, value] of entries) {
      if (value === undefined) continue;
      const json = known?.get(name);
      if (json === undefined || !isJson(value, json)) return true;
      count++;
    }
    return count !== (known?.size ?? 0);
  }

  /**
   * The numbers an attribute may count through, by its schema.
   *
   * @throws {SessionDataError} for a name outside the schema and for an attribute that is no whole number.
   */
  counter(name: string): Counter {
    const type = this.#shape[name];
    if (type === undefined) throw this.#unknown(name);
    return buildCounter(name, type);
  }

  #encodeOne(name: string, value: unknown): string {
    const type = this.#shape[name];
    if (type === undefined) throw this.#unknown(name);
    const result = type.safeParse(value);
    if (!result.success) {
      throw new SessionDataError(`session data: ${name}: ${result.error.issues.map((i) => i.message).join("; ")}`);
    }
    const json = JSON.stringify(value) as string | undefined;
    if (json === undefined) throw new SessionDataError(`session data: ${name}: got a value that JSON can't hold`);
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_ATTRIBUTE_BYTES) {
      throw new SessionDataError(`session data: ${name}: got ${bytes} bytes, allowed: at most ${MAX_ATTRIBUTE_BYTES}`);
    }
    return json;
  }

  #unknown(name: string): SessionDataError {
    const allowed = Object.keys(this.#shape).join(", ");
    return new SessionDataError(`session data: got the name ${JSON.stringify(name)}, allowed: ${allowed}`);
  }
}

/** The user who is logged in, out of attributes as JSON. */
export function readUser(attributes: ReadonlyMap<string, string>): string | undefined {
  const json = attributes.get(USER);
  return json === undefined ? undefined : (JSON.parse(json) as string);
}

/** A value that JSON can't hold equals none: `encode` says what is wrong with it. */
function isJson(value: unknown, json: string): boolean {
  try {
    return JSON.stringify(value) === json;
  } catch {
    return false;
  }
}
