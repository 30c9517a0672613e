import { UserError } from "./user-error";
import type { Variable } from "./variable";

/** A contract: variables by name. */
type Contract = Readonly<Record<string, Variable<unknown>>>;

/** The values of a contract's variables. */
export type ValuesOf<C extends Contract> = {
  readonly [K in keyof C]: C[K] extends Variable<infer T>
    ? C[K]["unset"] extends undefined
      ? T | undefined
      : T
    : never;
};

/** Raised at start, with one line for each variable that is wrong. */
export class EnvironmentError extends UserError {
  /** Tells it from other errors. */
  override readonly name = "EnvironmentError";
}

/** Variables whose value is never shown. */
const SECRET: ReadonlySet<string> = new Set(["SECRET_KEY", "REDIS_URL"]);

/** What is wrong with an environment, collected so that a start names all of it at once. */
export class Complaints {
  readonly #lines = new Map<string, string>();

  /** Notes what is wrong with a variable. It has one line, the first. @param says - what it got and what it takes */
  about(name: string, says: string): void {
    if (!this.#lines.has(name)) this.#lines.set(name, `${name}: ${says}`);
  }

  /** A variable that must be there; an empty text, and a complaint, where it is not. */
  need(name: string, value: string | undefined, why: string): string {
    if (value === undefined) this.about(name, `got nothing, ${why}`);
    return value ?? "";
  }

  /** Whether something is wrong with one of these variables. */
  areAbout(names: readonly string[]): boolean {
    return names.some((name) => this.#lines.has(name));
  }

  /** @throws {EnvironmentError} with all of it, where there is something. */
  raise(): void {
    if (this.#lines.size > 0) throw new EnvironmentError([...this.#lines.values()].join("\n"));
  }
}

/**
 * The variables of a contract, each checked by itself; an empty string counts as not set. A wrong one is noted in
 * `complaints` and has the value it would have if it were not set.
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
