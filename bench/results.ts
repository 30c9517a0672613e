import type { Bytes } from "./measures/bytes";
import type { Bundle, Synth } from "./measures/commands";
import type { Latency } from "./measures/latency";
import type { LostUpdates } from "./measures/lost-updates";
import type { MemoryRun } from "./measures/memory";
import type { CoreCapacity } from "./measures/redis-core";
import type { RedisCost } from "./measures/redis-cost";
import type { Rates } from "./measures/throughput";
import type { Key } from "./programs";

/** One run of the benchmark, written as it is to docs/benchmarks.json. A quick run leaves some fields out. */
export interface Results {
  readonly at: string;
  readonly machine: Readonly<Record<string, string>>;
  readonly versions: Readonly<Record<string, string>>;
  readonly rates: Rates;
  readonly redis: Readonly<Partial<Record<Key, RedisCost>>>;
  readonly core: Readonly<Partial<Record<Key, CoreCapacity>>>;
  readonly lost: Readonly<Partial<Record<Key, LostUpdates>>>;
  readonly bytes: Readonly<Record<"layer" | "app", Bytes>>;
  readonly latency: Readonly<Partial<Record<Key, Latency>>>;
  readonly memory: Readonly<Partial<Record<"layer" | "app", MemoryRun>>>;
  readonly start: Readonly<Partial<Record<Key, number>>>;
  readonly bundle: Bundle;
  readonly synth?: Synth;
  readonly testSeconds?: number;
}
