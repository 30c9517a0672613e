import type { Cluster, Redis } from "ioredis";
import type Koa from "koa";
import type { Logger } from "pino";
import type { Environment } from "../environment";
import { createApp } from "./app";
import { LoginThrottle } from "./login/throttle";
import type { Metrics } from "./metrics";
import { measureStore } from "./metrics/measure";
import { KeyRing } from "./secrets/key-ring";
import { MemoryStore, RedisStore } from "./session";

/** The parts of a process that its app uses. */
export interface OpenAppOptions {
  readonly environment: Environment;
  readonly log: Logger;
  /** @default - sessions and throttles are in this process */
  readonly redis?: Redis | Cluster | undefined;
  /** @default - nothing is measured */
  readonly metrics?: Metrics | undefined;
  /** Aborted when the process is about to stop. @default - `/readyz` depends on the session store alone */
  readonly stopping?: AbortSignal;
}

/**
 * Creates the app that an environment describes, with its keys, its session store and its throttle.
 *
 * @throws when the keys are in Secrets Manager and can't be read.
 */
export async function openApp({ environment, log, redis, metrics, stopping }: OpenAppOptions): Promise<Koa> {
  const { prefix, idleSeconds, maxAgeSeconds } = environment.session;
  const keys = await KeyRing.open(environment.secretKey, {
    onReloadFailed: (error) =>
      log.warn({ err: error }, "SECRET_KEY_ARN could not be read again: the keys at hand stay"),
  });
  const sessions = redis
    ? new RedisStore(redis, { prefix, idleSeconds, maxAgeSeconds })
    : new MemoryStore({ idleSeconds, maxAgeSeconds });
  const store = metrics === undefined ? sessions : measureStore(sessions, metrics);
  const throttle = new LoginThrottle(redis, prefix, environment.loginLimits);
  return createApp({
    environment,
    store,
    keys,
    throttle,
    log,
    ...(metrics && { metrics }),
    ...(stopping && { stopping }),
  });
}
