import type { Store, StoreLifetimes } from "../../../webapp/session";
import type { Counter } from "../../../webapp/session/store";

/** Makes a store with these lifetimes, in seconds; fractions are allowed so that tests need not wait. */
export type MakeStore = (lifetimes: StoreLifetimes) => Store;

/** Lifetimes that no test waits for. */
export const LONG = { idleSeconds: 60, maxAgeSeconds: 600 };

/** Any whole number. */
export const ANY: Counter = { start: 0, min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

let serial = 0;
/** A key that no other test uses. */
export const freshKey = (): string => `key-${process.pid}-${++serial}`;

/** Attributes as stores take them. */
export const attributes = (values: Record<string, unknown>): Map<string, string> =>
  new Map(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
