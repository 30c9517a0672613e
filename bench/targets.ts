import { TRIALS } from "./measures/lost-updates";
import type { MemoryRun } from "./measures/memory";
import { ratio } from "./measures/throughput";
import type { Key } from "./programs";
import type { Results } from "./results";

/** A figure with what it must be and what it should be. */
export interface Target {
  readonly what: string;
  readonly value: number;
  readonly must: number;
  readonly aim?: number;
  /** Is more better, or less? */
  readonly better: "more" | "less";
  readonly unit?: string;
}

/** A heap that grew by less than this from the second tenth of a run to its end has no leak. */
const FLAT = 1.1;

/** Compares all figures of a run with their targets. */
export function targets(results: Results): Target[] {
  const { rates, redis, core, lost, bytes, latency, memory, start, bundle, synth, testSeconds } = results;
  const of = (one: Key, other: Key) => ratio(rates, one, other);
  const more = (what: string, value: number, must: number, aim: number): Target => ({
    ...{ what, value, must, aim },
    better: "more",
    unit: "x",
  });
  const less = (what: string, value: number | undefined, must: number, aim?: number, unit = "x"): Target[] =>
    value === undefined ? [] : [{ what, value, must, ...(aim === undefined ? {} : { aim }), better: "less", unit }];
  const p99 = (key: Key) => (latency[key]?.p99 ?? Number.NaN) / (latency.koa?.p99 ?? Number.NaN);
  const redisCpu = (link: "plain" | "tls") =>
    (core.koaRedis?.[link] ?? Number.NaN) / (core.layer?.[link] ?? Number.NaN);
  return [
    more("session layer vs koa-session + koa-redis", of("layer", "koaRedis"), 1.6, 2),
    more("session layer vs fastify session", of("layer", "fastify"), 1.6, 2),
    more("session layer vs express-session", of("layer", "express"), 4, 5),
    more("session layer vs koa-session + auto-pipelined JSON", of("layer", "koaJson"), 1.4, 1.8),
    more("shipped app vs koa-session + koa-redis, its minimal page", of("app", "koaRedis"), 1, 1.3),
    ...less("round trips of a read-only request", redis.read?.trips, 1, undefined, ""),
    ...less("round trips of a writing request", redis.assign?.trips, 2, undefined, ""),
    ...less("round trips of a counter request", redis.layer?.trips, 2, undefined, ""),
    ...less("commands of a counter request", redis.layer?.commands, 2, undefined, ""),
    ...less("round trips of the app's home page", redis.app?.trips, 2, undefined, ""),
    {
      what: "visits/s that one core of Redis carries",
      value: core.layer?.plain ?? Number.NaN,
      must: 85_000,
      aim: 100_000,
      better: "more",
    },
    ...less("Redis' CPU a counter request, vs koa-session + koa-redis", redisCpu("plain"), 1.5, 1),
    ...less("Redis' CPU a counter request, by TLS", redisCpu("tls"), 1.5, 1),
    ...less(`lost in ${TRIALS} trials of two writers`, lost.layer?.fields, 0, undefined, ""),
    ...less(`lost of ${TRIALS} parallel increments`, TRIALS - (lost.layer?.counted ?? 0), 0, undefined, ""),
    ...less(`lost of ${TRIALS} parallel visits, shipped app`, TRIALS - (lost.app?.counted ?? 0), 0, undefined, ""),
    ...less("p99 at half load, session layer, vs plain Koa", p99("layer"), 3, 2),
    ...less("p99 at half load, shipped app, vs plain Koa", p99("app"), 3, 2),
    ...less("bytes a session, layer, vs by hand", bytes.layer.session / bytes.layer.byHand, 1.5, 1.3),
    ...less("bytes a session, shipped app, vs by hand", bytes.app.session / bytes.app.byHand, 1.5, 1.3),
    ...less("heap growth over the long run, layer", growth(memory.layer), FLAT),
    ...less("heap growth over the long run, app", growth(memory.app), FLAT),
    ...less("start to first 200, shipped app, vs plain Koa", (start.app ?? Number.NaN) / (start.koa ?? 1), 2.5, 2),
    ...less("bundle", bundle.bytes / 1e6, 1.3, 1, "MB"),
    ...less("synth vs bare import", synth && synth.synth / synth.bareImport, 4, 3),
    ...less("npm test", testSeconds, 120, 75, "s"),
  ];
}

/** Whether a figure is what it must be. */
export function isMet({ value, must, better }: Target): boolean {
  return better === "more" ? value >= must : value <= must;
}

function growth(run: MemoryRun | undefined): number | undefined {
  return run && (run.heap.at(-1) ?? Number.NaN) / (run.heap[1] ?? Number.NaN);
}
