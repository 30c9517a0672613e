import { plural, printable } from "./report";

/** Groups that are remembered; a Redis of many apps has more, and memory stays flat. */
const MOST_GROUPS = 20;

const HASHED_ID = /^[A-Za-z0-9_-]{43}$/;

/** Keys that are no session, user's list, login throttle or mark of adoption of this prefix, by what precedes their last colon. */
export class OtherKeys {
  readonly #prefix: string;
  readonly #groups = new Map<string, { count: number; readonly example: string }>();
  #more = 0;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** Takes note of a key, where it is one of these. */
  add(key: string): void {
    if (["s:", "t:", "u:", "a:"].some((kind) => key.startsWith(this.#prefix + kind))) return;
    const name = key.slice(0, key.lastIndexOf(":") + 1);
    const group = this.#groups.get(name);
    if (group !== undefined) group.count++;
    else if (this.#groups.size < MOST_GROUPS) this.#groups.set(name, { count: 1, example: key });
    else this.#more++;
  }

  /** The groups and how many keys each has. */
  get counts(): readonly { readonly keys: string; readonly count: number }[] {
    const counts = [...this.#groups].map(([name, { count }]) => ({ keys: name || "no prefix", count }));
    return this.#more === 0 ? counts : [...counts, { keys: "others", count: this.#more }];
  }

  /** A line for each group, with the way to look at it; empty where there is none. */
  describe(): string {
    const lines = [...this.#groups].map(([name, { count, example }]) => {
      const where = name === "" ? "without a prefix" : `under ${printable(name)}`;
      return `also in this Redis: ${plural(count, "key")} ${where}${this.#howToLook(name, example)}\n`;
    });
    return lines.join("") + (this.#more === 0 ? "" : `also in this Redis: ${plural(this.#more, "other key")}\n`);
  }

  #howToLook(name: string, example: string): string {
    if (name.startsWith(this.#prefix)) return `; inspect ${printable(example)} shows one`;
    const isSession = name.endsWith(":s:") && HASHED_ID.test(example.slice(name.length));
    return isSession ? `; SESSION_PREFIX=${printable(name.slice(0, -"s:".length))} shows these sessions` : "";
  }
}
