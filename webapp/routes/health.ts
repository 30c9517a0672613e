import type Router from "@koa/router";
import type { Store } from "../session";

/** A load balancer asks every few seconds and gives up after as many: an answer later than this is none. */
const READY_WITHIN_MS = 1000;

/**
 * `/healthz`: the process answers; never asks Redis, so that a Redis that is away restarts no instance.
 * `/readyz`: the session store answers in time.
 */
export function healthRoutes(router: Router, store: Store): void {
  router.get("/healthz", (ctx) => {
    ctx.body = "ok\n";
  });
  router.get("/readyz", async (ctx) => {
    const ready = await answersInTime(store);
    ctx.status = ready ? 200 : 503;
    ctx.body = ready ? "ready\n" : "session store away\n";
  });
}

async function answersInTime(store: Store): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), READY_WITHIN_MS);
  });
  const answer = store.ping().then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([answer, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
