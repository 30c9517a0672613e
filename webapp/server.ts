import { setTimeout as wait } from "node:timers/promises";
import { type Environment, EnvironmentError, readEnvironment } from "../environment";
import { createApp } from "./app";
import { createDrainingServer } from "./drain";
import { createLog } from "./log";
import { LoginThrottle } from "./login/throttle";
import { Metrics } from "./metrics";
import { listenForMetrics } from "./metrics/listen";
import { measured } from "./metrics/measure";
import { watchRedis } from "./metrics/redis";
import { connectRedis } from "./redis/connect";
import { firstLink } from "./redis/open";
import { KeyRing } from "./secrets/key-ring";
import { MemoryStore, RedisStore } from "./session";

/** Above the ALB's idle timeout of 60 s: a server that closes first gives random 502s. Milliseconds. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 66_000;
/** A form is 8 KB: who needs longer for a whole request holds it open on purpose. */
const REQUEST_MS = 30_000;
/**
 * A load balancer sends visitors to whoever is alive, so a new process listens when it has its Redis. When Redis is away
 * it listens all the same, since then every process is without: three times the connect timeout. Milliseconds.
 */
const FIRST_LINK_MS = 3000;
/** A stop ends in time for systemd's and ECS's own, whatever a slow client does. Milliseconds. */
const STOP_MS = 25_000;

async function start(environment: Environment): Promise<void> {
  const log = createLog(environment.logLevel);
  if (environment.secretKey.kind === "random") {
    log.warn("SECRET_KEY is not set: forms open during a restart have to be loaded again");
  }
  const { prefix, idleSeconds, maxAgeSeconds } = environment.session;
  const redis = environment.redis && connectRedis(environment.redis, log);
  const metrics = environment.metricsPort === undefined ? undefined : new Metrics();
  if (metrics !== undefined && redis !== undefined) watchRedis(metrics, redis);
  if (redis === undefined) log.warn("REDIS_URL is not set: sessions live in this process and end with it");
  const held = redis
    ? new RedisStore(redis, { prefix, idleSeconds, maxAgeSeconds })
    : new MemoryStore({ idleSeconds, maxAgeSeconds });
  const store = metrics === undefined ? held : measured(held, metrics);
  const keys = await KeyRing.open(environment.secretKey, {
    onReloadFailed: (error) =>
      log.warn({ err: error }, "SECRET_KEY_ARN could not be read again: the keys at hand stay"),
  });
  const throttle = new LoginThrottle(redis, prefix, environment.loginLimits);
  const app = createApp({ environment, store, keys, throttle, log, ...(metrics && { metrics }) });
  const { server, drain, close } = createDrainingServer(app.callback());
  if (redis !== undefined) await firstLink(redis, FIRST_LINK_MS);
  server.listen(environment.port, environment.host, () => {
    const { port } = server.address() as { port: number };
    log.info(
      `listening on http://${environment.host.includes(":") ? `[${environment.host}]` : environment.host}:${port}`,
    );
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.once("error", (error) =>
    fail(`PORT: can't listen on ${environment.host}:${environment.port}: ${error.message}`),
  );
  const metricsServer = metrics && listenForMetrics(metrics.registry, environment.host, environment.metricsPort ?? 0);
  metricsServer?.once("error", (error) => fail(`METRICS_PORT: can't listen: ${error.message}`));
  const stop = async (signal: string) => {
    const stopBy = Date.now() + STOP_MS;
    log.info({ signal }, "stopping: requests under way finish first");
    drain();
    // Ctrl-C is somebody who waits, and no load balancer.
    if (signal === "SIGTERM") await wait(environment.drainSeconds * 1000);
    await close(stopBy - Date.now());
    redis?.disconnect();
    metricsServer?.close();
    log.info("stopped");
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(signal));
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

function readOrFail(): Environment {
  try {
    return readEnvironment(process.env);
  } catch (error) {
    if (error instanceof EnvironmentError) fail(error.message);
    throw error;
  }
}

/** Serves by the process's environment until a signal stops it; what is wrong with it is one line and exit code 1. */
export function serve(): void {
  start(readOrFail()).catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
}
