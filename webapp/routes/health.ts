import type Router from "@koa/router";
import { Deadline, inTime } from "../deadline";
import type { Store } from "../session";

/** A load balancer asks every few seconds and gives up after as many: an answer later than this is none. */
const READY_WITHIN_MS = 1000;

/**
 * `/healthz`: the process answers; never asks Redis, so that a Redis that is away restarts no instance.
 * `/readyz`: the session store answers in time, and the process is not about to stop.
 *
 * @param stopping - aborted when it is. @default - never
 */
export function addHealthRoutes(router: Router, store: Store, stopping?: AbortSignal): void {
  router.get("/healthz", (ctx) => {
    ctx.body = "ok\n";
  });
  router.get("/readyz", async (ctx) => {
    if (stopping?.aborted) {
      ctx.status = 503;
      ctx.body = "stopping\n";
      return;
    }
    const ready = await answersInTime(store);
    ctx.status = ready ? 200 : 503;
    ctx.body = ready ? "ready\n" : "session store away\n";
  });
}

function answersInTime(store: Store): Promise<boolean> {
  return inTime(store.ping(), new Deadline(READY_WITHIN_MS), "the session store").then(
    () => true,
    () => false,
  );
}
