import { inspect } from "node:util";
import { freezeAll } from "./freeze-all";
import { isPlain } from "./same-value";
import { SessionDataError } from "./session-data-error";

/** A value that a handler was shown behind a guard. */
interface Shown {
  readonly attribute: string;
  /** Number of logins and new ids in this request before the value was shown. */
  readonly generation: number;
}

/**
 * The object through which handlers see a session's data. It checks each write to itself and to the objects and arrays in it. A write
 * that would be stored nowhere throws, also in sloppy code, where a frozen object would ignore it.
 */
export class DataGuard {
  /** Forwards to the current data. It stays the same object when a login or a new id replaces the data. */
  readonly root: object;
  readonly #current: () => object;
  readonly #assertOpen: (attribute: string) => void;
  readonly #values = new WeakMap<object, object>();
  #proxies = new WeakMap<object, object>();
  /** Objects that handlers hold without a guard: those that they assigned, and a Date, a Map or a Set that they read. */
  #held: object[] = [];
  #generation = 0;

  /**
   * @param current - returns koa-session's object.
   * @param assertOpen - throws when this attribute can't be changed any more.
   */
  constructor(current: () => object, assertOpen: (attribute: string) => void) {
    this.#current = current;
    this.#assertOpen = assertOpen;
    // The invariants of proxies (ECMA-262) bind a proxy to the fixed properties of its target: this target has none.
    const target = Object.defineProperty({}, inspect.custom, {
      configurable: true,
      value: () => inspect(this.#current()),
    });
    this.root = new Proxy(target, this.#forward());
  }

  /** Takes an object that a handler has assigned, with each value in place of its guard. Returns anything else as it is. */
  takeAll(data: unknown): unknown {
    if (typeof data !== "object" || data === null) return data;
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, this.#take(value)]));
  }

  /** Makes each write to a value that was shown so far throw: the value belongs to the session before this one. */
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

  /** Puts a plain object or an array behind a guard. Returns any other value as it is. */
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

  /** The traps for every way to write to an object. */
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

/** Whether a proxy has to show this property as it is (ECMA-262, invariants of proxies). */
function isFixed(target: object, key: string | symbol): boolean {
  const own = Reflect.getOwnPropertyDescriptor(target, key);
  return own !== undefined && own.configurable === false && own.writable === false;
}
