import type { RedisClient } from "../../../../webapp/session";
import type { KoaRedis } from "./apps";

/** A process whose steps at the stores a test counts, and may stop before one of them. */
export class Process {
  readonly #stopBefore: number;
  #reached: () => void = () => {};
  #goOn: () => void = () => {};
  #steps = 0;
  /** Resolves once the process has been stopped. */
  readonly stopped: Promise<void>;
  readonly #waits: Promise<void>;

  /** @param stopBefore - its step of this number waits for `goOn`. @default - no step waits */
  constructor(stopBefore = Number.POSITIVE_INFINITY) {
    this.#stopBefore = stopBefore;
    this.stopped = new Promise((resolve) => {
      this.#reached = resolve;
    });
    this.#waits = new Promise((resolve) => {
      this.#goOn = resolve;
    });
  }

  /** Lets the stopped step go. One that is never let go belongs to a process that has died. */
  goOn(): void {
    this.#goOn();
  }

  /** A client of Redis as this process uses it. */
  redis<T extends RedisClient>(redis: T): T {
    return this.#wrap(redis, ["evalsha", "eval", "hgetall", "pttl", "del"]);
  }

  /** The earlier store as this process uses it. */
  koaRedis(store: KoaRedis): KoaRedis {
    return this.#wrap(store, ["get", "set", "destroy"]);
  }

  #wrap<T extends object>(target: T, steps: readonly string[]): T {
    return new Proxy(target, {
      get: (_, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== "function") return value;
        if (!steps.includes(String(name))) return value.bind(target);
        return async (...args: unknown[]): Promise<unknown> => {
          await this.#step();
          return value.apply(target, args);
        };
      },
    });
  }

  async #step(): Promise<void> {
    if (this.#steps++ < this.#stopBefore) return;
    this.#reached();
    await this.#waits;
  }
}
