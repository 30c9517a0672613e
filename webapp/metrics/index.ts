import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { SessionEvent } from "../session";

/** Buckets of request times. Answers take a millisecond or two; more than a second is a fault. Seconds. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** Buckets of step times at Redis. A step is one round trip within a zone or two, limited by the command timeout. Seconds. */
const STEP_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 2];

/**
 * The metrics for Prometheus. Labels have fixed values (route patterns, status classes, names of steps). So visitors cannot create series,
 * and no label contains an id, a name or an address.
 */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests: Histogram<"method" | "route" | "status">;
  readonly #steps: Histogram<"step" | "outcome">;
  readonly #events: Counter<"event">;
  readonly redisErrors: Counter;
  readonly redisConnects: Counter;

  constructor() {
    const registers = [this.registry];
    collectDefaultMetrics({ register: this.registry });
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
  }

  /** Counts a step at the store. */
  stepped(step: string, outcome: "ok" | "error", seconds: number): void {
    this.#steps.observe({ step, outcome }, seconds);
  }

  /** Counts an event of a session. */
  happened({ event }: SessionEvent): void {
    this.#events.inc({ event });
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
