import { tracingChannel } from "node:diagnostics_channel";
import type { Middleware } from "koa";
import type { Store } from "../session";
import type { Metrics } from ".";

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]);

/** Counts and times requests, by the pattern of the route that took them. */
export function measureRequests(metrics: Metrics): Middleware {
  return function measure(ctx, next) {
    const start = performance.now();
    ctx.res.on("close", () => {
      const method = METHODS.has(ctx.method) ? ctx.method : "other";
      const route = (ctx as { _matchedRoute?: unknown })._matchedRoute;
      metrics.answered(method, typeof route === "string" ? route : "none", ctx.status, secondsSince(start));
    });
    return next();
  };
}

/**
 * Where a tracer listens: each step at the store is traced here with its name and nothing else, no key and no value.
 * OpenTelemetry and others turn it into spans without a change to this app (Node's own hook for that purpose).
 *
 * @see https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#class-tracingchannel
 */
const steps = tracingChannel("cdktf-session-store:step");

/** The same store, each step counted, timed and traced. */
export function measureStore(store: Store, metrics: Metrics): Store {
  const step = <T>(name: string, run: () => Promise<T>) => measureStep(name, run, metrics);
  return {
    lifetimes: store.lifetimes,
    longest: store.longest,
    nameOf: (key) => store.nameOf(key),
    load: (key) => step("load", () => store.load(key)),
    peek: (key) => step("peek", () => store.peek(key)),
    create: (key, ...rest) => step("create", () => store.create(key, ...rest)),
    adopt: (key, ...rest) => step("adopt", () => store.adopt(key, ...rest)),
    update: (key, ...rest) => step("update", () => store.update(key, ...rest)),
    increment: (key, ...rest) => step("increment", () => store.increment(key, ...rest)),
    take: (key, ...rest) => step("take", () => store.take(key, ...rest)),
    destroy: (keys) => step("destroy", () => store.destroy(keys)),
    enlist: (user, ...rest) => step("enlist", () => store.enlist(user, ...rest)),
    standing: (user, ...rest) => step("standing", () => store.standing(user, ...rest)),
    delist: (user, keys) => step("delist", () => store.delist(user, keys)),
    enlisted: (user) => step("enlisted", () => store.enlisted(user)),
    ping: () => step("ping", () => store.ping()),
  };
}

async function measureStep<T>(step: string, run: () => Promise<T>, metrics: Metrics): Promise<T> {
  const start = performance.now();
  try {
    // Tracing costs a step two more promises, so it is done only for listeners.
    const result = await (steps.hasSubscribers ? steps.tracePromise(run, { step }) : run());
    metrics.stepped(step, "ok", secondsSince(start));
    return result;
  } catch (error) {
    metrics.stepped(step, "error", secondsSince(start));
    throw error;
  }
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
