import { UserError } from "./user-error";
import type { Variable } from "./variable";

/** A contract: variables, keyed by name. */
type Contract = Readonly<Record<string, Variable<unknown>>>;

/** The values of a contract's variables. */
export type ValuesOf<C extends Contract> = {
  readonly [K in keyof C]: C[K] extends Variable<infer T>
    ? C[K]["unset"] extends undefined
      ? T | undefined
      : T
    : never;
};

/** Thrown at the start, with one line for each wrong variable. */
export class EnvironmentError extends UserError {
  /** Tells it from other errors. */
  override readonly name = "EnvironmentError";
}

/** Variables whose value is never shown. */
const SECRET: ReadonlySet<string> = new Set(["SECRET_KEY", "REDIS_URL"]);

/** Collects the errors of an environment, so that a start reports all of them at once. */
export class Complaints {
  readonly #lines = new Map<string, string>();

  /** Adds an error of a variable. Only the first error of a variable counts. @param says - the value and the allowed values */
  about(name: string, says: string): void {
    if (!this.#lines.has(name)) this.#lines.set(name, `${name}: ${says}`);
  }

  /** Returns a required variable. For a missing one, adds an error and returns an empty text. */
  need(name: string, value: string | undefined, why: string): string {
    if (value === undefined) this.about(name, `got nothing, ${why}`);
    return value ?? "";
  }

  /** Whether one of these variables has an error. */
  areAbout(names: readonly string[]): boolean {
    return names.some((name) => this.#lines.has(name));
  }

  /** @throws {EnvironmentError} with all errors, if there are any. */
  raise(): void {
    if (this.#lines.size > 0) throw new EnvironmentError([...this.#lines.values()].join("\n"));
  }
}

/**
 * Reads the variables of a contract, and checks each by itself. An empty string counts as not set. A wrong variable is added to
 * `complaints`, and has the value of a variable that is not set.
 */
export function readVariables<C extends Contract>(
  contract: C,
  source: Readonly<Record<string, string | undefined>>,
  complaints: Complaints,
): ValuesOf<C> {
  const entries = Object.entries(contract).map(([name, { takes, read, unset }]) => {
    const text = source[name];
    if (text === undefined || text === "") return [name, unset];
    const value = read(text);
    if (value !== undefined) return [name, value];
    complaints.about(
      name,
      `got ${SECRET.has(name) ? "a value that is not shown" : JSON.stringify(text)}, takes ${takes}`,
    );
    return [name, unset];
  });
  return Object.fromEntries(entries) as ValuesOf<C>;
}
