import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { SessionEvent } from "../session";

/** Answers take a millisecond or two; what is beyond a second is a fault. Seconds. */
const REQUEST_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
/** A step at Redis is one round trip within a zone or two; the command timeout ends it. Seconds. */
const STEP_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1, 2];

/**
 * The metrics for Prometheus. Labels come from fixed sets (route patterns, status classes, names of steps), so that no
 * visitor makes a series and none holds an id, a name or an address.
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
      help: "Time of a step at the session store, by name and outcome.",
      labelNames: ["step", "outcome"],
      buckets: STEP_BUCKETS,
      registers,
    });
    this.#events = new Counter({
      name: "session_events_total",
      help: "What happened to sessions.",
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

  /** Notes an answered request; `route` is the pattern that took it, never the path as it was sent. */
  answered(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  /** Notes a step at the store. */
  stepped(step: string, outcome: "ok" | "error", seconds: number): void {
    this.#steps.observe({ step, outcome }, seconds);
  }

  /** Notes a session's event. */
  happened({ event }: SessionEvent): void {
    this.#events.inc({ event });
  }

  /** Shows a value that is asked for when Prometheus comes. */
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
