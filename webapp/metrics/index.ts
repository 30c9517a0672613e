import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { SessionEvent } from "../session";

/** Buckets of request times. Answers take a millisecond or two; more than a second is a fault. Seconds. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** Buckets of step times at Redis. A step is one round trip within a zone or two, limited by the command timeout. Seconds. */
const STEP_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 2];

/** Totals since the start of the process. */
export interface Totals {
  readonly logins: number;
  /** Logins that got a 4xx. */
  readonly refusedLogins: number;
  readonly lostSessions: number;
  readonly unknownSessions: number;
  /** Answers of 503. */
  readonly unavailable: number;
  /** Steps at the store by the upper bound of their time, in seconds, in ascending order; the last bound is Infinity. */
  readonly steps: ReadonlyMap<number, number>;
}

/**
 * The metrics for Prometheus. Labels have fixed values (route patterns, status classes, names of steps). So visitors cannot create series,
 * and no label contains an id, a name or an address.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<"method" | "route" | "status">;
  readonly #steps: Histogram<"step" | "outcome">;
  readonly #events: Counter<"event">;
  readonly #unavailable: Counter;
  readonly redisErrors: Counter;
  readonly redisConnects: Counter;

  constructor() {
    const registers = [this.registry];
    this.#requests = new Histogram({
      name: "http_request_duration_seconds",
      help: "Time from a request's arrival to the end of its answer.",
      labelNames: ["method", "route", "status"],
      buckets: REQUEST_BUCKETS,
      registers,
    });
    this.#steps = new Histogram({
      name: "session_store_step_duration_seconds",
      help: "Time of a step at the session store, by step and outcome.",
      labelNames: ["step", "outcome"],
      buckets: STEP_BUCKETS,
      registers,
    });
    this.#events = new Counter({
      name: "session_events_total",
      help: "Events of sessions.",
      labelNames: ["event"],
      registers,
    });
    this.#unavailable = new Counter({
      name: "session_store_unavailable_answers_total",
      help: "Answers of 503, because the session store is away; without those of /readyz.",
      registers,
    });
    this.redisErrors = new Counter({ name: "redis_errors_total", help: "Errors of the link to Redis.", registers });
    this.redisConnects = new Counter({
      name: "redis_connects_total",
      help: "Links to Redis that became ready; one more than reconnects.",
      registers,
    });
  }

  /** Counts an answered request. `route` is the pattern of the route, never the request's path. */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
    if (status === 503 && route !== "/readyz") this.#unavailable.inc();
  }

  /** Counts a step at the store. */
  stepped(step: string, outcome: "ok" | "error", seconds: number): void {
    this.#steps.observe({ step, outcome }, seconds);
  }

  /** Counts an event of a session. */
  happened({ event }: SessionEvent): void {
    this.#events.inc({ event });
  }

  /** Reads the totals that CloudWatch gets too. */
  async readTotals(): Promise<Totals> {
    const [requests, events, unavailable, steps] = await Promise.all([
      this.#requests.get(),
      this.#events.get(),
      this.#unavailable.get(),
      this.#steps.get(),
    ]);
    const countEvents = (name: string) => sum(events.values.filter(({ labels }) => labels.event === name));
    const refused = requests.values.filter(
      ({ metricName, labels: { method, route, status } }) =>
        metricName?.endsWith("_count") && method === "POST" && route === "/login" && status === "4xx",
    );
    return {
      logins: countEvents("login"),
      refusedLogins: sum(refused),
      lostSessions: countEvents("lost"),
      unknownSessions: countEvents("unknown"),
      unavailable: sum(unavailable.values),
      // prom-client adds the bound to the labels, and its types do not say so.
      steps: countByBound(steps.values.map(({ labels, value }) => [(labels as { le?: unknown }).le, value])),
    };
  }

  /** Adds a gauge whose value is read at each scrape. */
  show(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}

function sum(values: readonly { readonly value: number }[]): number {
  return values.reduce((total, { value }) => total + value, 0);
}

/** Prometheus' buckets count all that is at or below their bound. The sums over all labels become counts between two bounds. */
function countByBound(buckets: readonly (readonly [bound: unknown, atOrBelow: number])[]): Map<number, number> {
  let below = 0;
  const counts = [...STEP_BUCKETS, Number.POSITIVE_INFINITY].map((bound): [number, number] => {
    const le = Number.isFinite(bound) ? bound : "+Inf";
    const atOrBelow = sum(buckets.filter(([one]) => one === le).map(([, value]) => ({ value })));
    const count = atOrBelow - below;
    below = atOrBelow;
    return [bound, count];
  });
  return new Map(counts);
}
