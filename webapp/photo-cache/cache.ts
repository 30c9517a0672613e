import type { Deadline } from "../deadline";

/** An error that the cache itself returned. A retry would get the same answer. */
export class CacheRefusal extends Error {
  override readonly name = "CacheRefusal";
}

/** Whether an error means that the cache is down. A refusal does not, because the cache answered. */
export function isAway(error: unknown): boolean {
  return !(error instanceof CacheRefusal);
}

/**
 * A connection without an answer for this long may have died while the function was frozen, so a command does not spend its whole timeout
 * on it. Milliseconds.
 */
export const STALE_MS = 5000;

/** A node with some or all of the keys. */
export interface CacheNode {
  readonly host: string;
  /** IP address; empty if the cache does not report it. */
  readonly ip: string;
  readonly port: number;
}

/** A cache's report of its nodes, for people. */
export interface CacheReport {
  readonly nodes: readonly CacheNode[];
  /** For caches with discovery: the version of the node list in use, and the failure of the last attempt to read a newer one. */
  readonly discovery?: { readonly version: number; readonly command: string; readonly failure?: string };
}

/** Texts by key, each with an expiry. A cache can lose entries at any time. */
export interface Cache {
  readonly engine: "memcached" | "redis";
  /** @returns undefined when the cache has no such key. @throws when the cache is away or refuses. */
  get(key: string, deadline: Deadline): Promise<string | undefined>;
  /** @throws when the cache is away or refuses. */
  set(key: string, value: string, ttlSeconds: number, deadline: Deadline): Promise<void>;
  report(): CacheReport;
  /** Closes all links. */
  close(): void;
}
