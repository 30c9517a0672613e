import { tracingChannel } from "node:diagnostics_channel";
import type { Middleware } from "koa";
import type { Store } from "../session";
import type { Metrics } from ".";

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]);

/** Counts and times requests, by the pattern of the route that took them. */
export function measureRequests(metrics: Metrics): Middleware {
  return function measure(ctx, next) {
    const start = performance.now();
    ctx.res.once("close", () => {
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
export function measured(store: Store, metrics: Metrics): Store {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function" || name === "nameOf") return value;
      return (...args: unknown[]) => measureStep(String(name), () => value.apply(target, args), metrics);
    },
  });
}

async function measureStep(step: string, run: () => Promise<unknown>, metrics: Metrics): Promise<unknown> {
  const start = performance.now();
  try {
    // Tracing costs a step two more promises: only where somebody listens.
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
