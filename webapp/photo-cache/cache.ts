import type { Deadline } from "../deadline";

/** A cache answered, and the answer was no: to ask again would change nothing. */
export class CacheRefusal extends Error {
  override readonly name = "CacheRefusal";
}

/** Whether an error says that a cache is away; a refusal is an answer, so the cache is there. */
export function isAway(error: unknown): boolean {
  return !(error instanceof CacheRefusal);
}

/** A link that said nothing for so long may have died while the function was frozen: it is not waited for to the end. */
export const STALE_MS = 5000;

/** A node that holds a part of the keys, or all of them. */
export interface CacheNode {
  readonly host: string;
  /** Empty where the cache does not tell it. */
  readonly ip: string;
  readonly port: number;
}

/** What a cache knows of itself, for people. */
export interface CacheReport {
  readonly nodes: readonly CacheNode[];
  /** Where nodes are discovered: which list is in use, and why there is no newer one. */
  readonly discovery?: { readonly version: number; readonly command: string; readonly failure?: string };
}

/** Texts under keys, each until its end. Nothing in it is kept anywhere else by the cache: to lose it is no fault. */
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
