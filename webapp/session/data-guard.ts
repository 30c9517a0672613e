import { inspect } from "node:util";
import { freezeAll } from "./freeze-all";
import { isPlain } from "./same-value";
import { SessionDataError } from "./session-data-error";

/** A guarded value, and what a write through it is checked by. */
interface Shown {
  readonly attribute: string;
  /** How often the session's data had been replaced by the store's when the value was shown. */
  readonly generation: number;
}

/**
 * The one object through which handlers see a session's data. Each write through it or through an object or array in it is
 * checked first: a write that would be stored nowhere throws, in sloppy code too, where a frozen object ignores it.
 */
export class DataGuard {
  /** Forwards to the data as it is now, so that it stays the same object when a login or a new id replaces the data. */
  readonly root: object;
  readonly #current: () => object;
  readonly #assertOpen: (attribute: string) => void;
  readonly #values = new WeakMap<object, object>();
  #proxies = new WeakMap<object, object>();
  /** Objects that handlers hold without a guard: those that they assigned, and a Date, a Map or a Set that they read. */
  #held: object[] = [];
  #generation = 0;

  /**
   * @param current - koa-session's object.
   * @param assertOpen - throws when this attribute can't be changed any more.
   */
  constructor(current: () => object, assertOpen: (attribute: string) => void) {
    this.#current = current;
    this.#assertOpen = assertOpen;
    // A target without a fixed property allows every answer (ECMA-262, invariants of proxies).
    const target = Object.defineProperty({}, inspect.custom, {
      configurable: true,
      value: () => inspect(this.#current()),
    });
    this.root = new Proxy(target, this.#forward());
  }

  /** An object whose values handlers have assigned, with each value in place of its guard; anything else as it is. */
  takeAll(data: unknown): unknown {
    if (typeof data !== "object" || data === null) return data;
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, this.#take(value)]));
  }

  /** Values that were shown so far are of a session before this one: a write to them throws. */
  expire(): void {
    this.#generation++;
    this.#proxies = new WeakMap();
    this.freeze();
  }

  /** Freezes the objects that handlers hold without a guard. */
  freeze(): void {
    this.#held.forEach(freezeAll);
    this.#held = [];
  }

  #forward(): ProxyHandler<object> {
    const current = this.#current;
    return {
      get: (_, key) => {
        const value = Reflect.get(current(), key, current());
        // koa-session's methods use private fields, which a proxy does not have.
        if (typeof value === "function") return key === "constructor" ? value : value.bind(current());
        return this.#show(value, String(key));
      },
      has: (_, key) => Reflect.has(current(), key),
      ownKeys: () => Reflect.ownKeys(current()),
      getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(current(), key),
      getPrototypeOf: () => Reflect.getPrototypeOf(current()),
      ...this.#guard(current, (key) => this.#assertOpen(key)),
    };
  }

  /** A plain object or an array behind a guard; any other value as it is. */
  #show(value: unknown, attribute: string): unknown {
    if (!isPlain(value)) {
      this.#hold(value);
      return value;
    }
    if (this.#values.has(value)) return value;
    const known = this.#proxies.get(value);
    if (known !== undefined) return known;
    const shown = { attribute, generation: this.#generation };
    const proxy = new Proxy(value, {
      get: (target, key) => {
        const inner = Reflect.get(target, key, target);
        return isFixed(target, key) ? inner : this.#show(inner, attribute);
      },
      ...this.#guard(
        () => value,
        () => this.#assertWritable(shown),
      ),
    });
    this.#proxies.set(value, proxy);
    this.#values.set(proxy, value);
    return proxy;
  }

  #assertWritable({ attribute, generation }: Shown): void {
    this.#assertOpen(attribute);
    if (generation === this.#generation) return;
    throw new SessionDataError(
      `session: ${attribute}: read before login() or renew(), and changed after it: read it again`,
    );
  }

  /** Every way to write to an object. */
  #guard(current: () => object, check: (key: string) => void): ProxyHandler<object> {
    return {
      set: (_, key, value) => {
        check(String(key));
        return Reflect.set(current(), key, this.#take(value), current());
      },
      defineProperty: (_, key, descriptor) => {
        check(String(key));
        const own = "value" in descriptor ? { ...descriptor, value: this.#take(descriptor.value) } : descriptor;
        return Reflect.defineProperty(current(), key, own);
      },
      deleteProperty: (_, key) => {
        check(String(key));
        return Reflect.deleteProperty(current(), key);
      },
      setPrototypeOf: (_, prototype) => {
        check("__proto__");
        return Reflect.setPrototypeOf(current(), prototype);
      },
      preventExtensions: () => false,
    };
  }

  #hold(value: unknown): void {
    if (typeof value === "object" && value !== null) this.#held.push(value);
  }

  #take(value: unknown): unknown {
    const own = this.#values.get(value as object) ?? value;
    this.#hold(own);
    return own;
  }
}

/** A proxy must show such a property as it is. */
function isFixed(target: object, key: string | symbol): boolean {
  const own = Reflect.getOwnPropertyDescriptor(target, key);
  return own !== undefined && own.configurable === false && own.writable === false;
}
