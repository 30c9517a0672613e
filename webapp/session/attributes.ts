import * as z from "zod";
import { RESERVED_NAMES } from "./context-session";
import { buildCounter } from "./counter";
import { isJsonOf, isSameValue } from "./same-value";
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

/** The attributes that the handlers were shown, as JSON. */
export interface ShownAttributes {
  /** The attributes in the store; undefined without a session. */
  readonly stored: ReadonlyMap<string, string> | undefined;
  /** Defaults of the schema, for attributes that the store does not hold. */
  readonly defaults: ReadonlyMap<string, string>;
}

/** The attributes a session may hold: names and types, and their way to JSON and back. */
export class Attributes {
  readonly #shape: Readonly<Record<string, z.ZodType>>;
  /** Names of the attributes whose default the schema can encode. */
  readonly #withDefault: readonly string[];

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
    this.#withDefault = Object.keys(this.#shape).filter((name) => hasDefault(this.#shape[name] as z.ZodType));
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

  /** Decodes stored attributes: `data` has the values, `shown` their JSON, `ignored` the names of those that don't fit the schema. */
  decodeAll(stored: ReadonlyMap<string, string>) {
    const data: Record<string, unknown> = {};
    const shown = new Map<string, string>();
    const ignored: string[] = [];
    for (const [name, json] of stored) {
      const value = this.decode(name, json);
      if (value === undefined) ignored.push(name);
      else {
        data[name] = value;
        shown.set(name, json);
      }
    }
    return { data, shown, ignored };
  }

  /** The defaults of the attributes that a session lacks, as JSON. Handlers see them; the store gets one once a handler changes it. */
  defaults(stored: ReadonlyMap<string, string> | undefined): Map<string, string> {
    const defaults = new Map<string, string>();
    for (const name of this.#withDefault) if (stored?.has(name) !== true) defaults.set(name, this.#encodeDefault(name));
    return defaults;
  }

  /**
   * Session data as JSON, attribute by attribute; an attribute that is undefined is not there.
   *
   * @param data - the data after the handlers.
   * @param shown - the data before the handlers. An attribute without a change keeps its stored JSON.
   * @throws {SessionDataError} when a value does not fit the schema, is too long or would be read as another value; the message has
   *   the attribute's name.
   */
  encode(data: Readonly<Record<string, unknown>>, { stored, defaults }: ShownAttributes): Map<string, string> {
    const encoded = new Map<string, string>();
    let bytes = 0;
    for (const [name, value] of Object.entries(data)) {
      if (value === undefined) continue;
      const known = stored?.get(name);
      if (known === undefined && !this.#isChanged(name, value, defaults.get(name))) continue;
      const json = known !== undefined && !this.#isChanged(name, value, known) ? known : this.#encodeOne(name, value);
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

  /** Whether checked attributes differ from those that the handlers were shown. */
  differ(entries: Entries, { stored, defaults }: ShownAttributes): boolean {
    let count = 0;
    for (const [name, value] of entries) {
      if (value === undefined) continue;
      const known = stored?.get(name);
      if (this.#isChanged(name, value, known ?? defaults.get(name))) return true;
      if (known !== undefined) count++;
    }
    return count !== (stored?.size ?? 0);
  }

  /** Whether a value differs from the one that the handlers were shown. @param json - of the shown value; undefined without one */
  #isChanged(name: string, value: unknown, json: string | undefined): boolean {
    return json === undefined || !(isJsonOf(value, json) || isSameValue(value, this.decode(name, json)));
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
    const encoded = encodeValue(name, type, value);
    const json = stringify(name, encoded);
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_ATTRIBUTE_BYTES) {
      throw new SessionDataError(`session data: ${name}: got ${bytes} bytes, allowed: at most ${MAX_ATTRIBUTE_BYTES}`);
    }
    const read = this.decode(name, json);
    // A check such as trim() changes the value. JSON has to carry the changed value then.
    if (read === undefined || !(isSameValue(read, value) || isSameValue(JSON.parse(json), encoded))) {
      throw new SessionDataError(
        `session data: ${name}: the schema would read it as another value than was written, allowed: values that JSON holds, or z.codec`,
      );
    }
    return json;
  }

  #encodeDefault(name: string): string {
    const type = this.#shape[name] as z.ZodType;
    const value = type.parse(undefined);
    return stringify(name, encodeValue(name, type, value));
  }

  #unknown(name: string): SessionDataError {
    const allowed = Object.keys(this.#shape).join(", ");
    return new SessionDataError(`session data: got the name ${JSON.stringify(name)}, allowed: ${allowed}`);
  }
}

/** Reads the logged-in user from attributes as JSON; undefined without a login. */
export function readUser(attributes: ReadonlyMap<string, string>): string | undefined {
  const json = attributes.get(USER);
  return json === undefined ? undefined : (JSON.parse(json) as string);
}

function hasDefault(type: z.ZodType): boolean {
  try {
    const { success, data } = type.safeParse(undefined);
    return success && data !== undefined && type.safeEncode(data).success;
  } catch {
    return false;
  }
}

/**
 * Encodes a value for JSON, by the codecs in its schema and after the schema's checks.
 *
 * @see https://zod.dev/codecs
 */
function encodeValue(name: string, type: z.ZodType, value: unknown): unknown {
  let result: z.ZodSafeParseResult<unknown>;
  try {
    result = type.safeEncode(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new SessionDataError(`session data: ${name}: its schema works one way only, allowed: z.codec (${reason})`);
  }
  if (result.success) return result.data;
  throw new SessionDataError(`session data: ${name}: ${result.error.issues.map((i) => i.message).join("; ")}`);
}

function stringify(name: string, value: unknown): string {
  try {
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined) return json;
  } catch {
    // A bigint, or an object that contains itself.
  }
  throw new SessionDataError(`session data: ${name}: got a value that JSON can't hold`);
}
