import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Cluster, Redis } from "ioredis";
import type { Logger } from "pino";
import { type Environment, EnvironmentError, readEnvironment } from "../environment";
import { createDrainingServer, type DrainingServer } from "./drain";
import { createLog } from "./log";
import { Metrics } from "./metrics";
import { watchRedis } from "./metrics/redis";
import { createMetricsServer } from "./metrics/server";
import { openApp } from "./open-app";
import { connectRedis } from "./redis/connect";
import { waitForFirstLink } from "./redis/open";

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

/** Serves until a signal stops the process. */
async function start(environment: Environment): Promise<void> {
  const log = createLog(environment.logLevel);
  const parts = await assemble(environment, log);
  listen(environment, parts, log);
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    // A person waits for Ctrl-C, and no load balancer does.
    const drainMs = signal === "SIGTERM" ? environment.drainSeconds * 1000 : 0;
    process.once(signal, () => {
      log.info({ signal }, "stopping: requests under way finish first");
      void stop(parts, drainMs).then(() => log.info("stopped"));
    });
  }
}

/** The parts of a serving process that a stop closes. */
interface Parts {
  readonly web: DrainingServer;
  readonly redis: Redis | Cluster | undefined;
  readonly metrics: Server | undefined;
}

/** Connects to Redis and creates the servers; they do not listen yet. */
async function assemble(environment: Environment, log: Logger): Promise<Parts> {
  if (environment.secretKey.kind === "random") {
    log.warn("SECRET_KEY is not set: forms open during a restart have to be loaded again");
  }
  if (environment.redis === undefined) log.warn("REDIS_URL is not set: sessions live in this process and end with it");
  const redis = environment.redis && connectRedis(environment.redis, log);
  const metrics = environment.metricsPort === undefined ? undefined : new Metrics();
  if (metrics !== undefined && redis !== undefined) watchRedis(metrics, redis);
  const app = await openApp({ environment, log, redis, metrics });
  if (redis !== undefined) await waitForFirstLink(redis, FIRST_LINK_MS);
  return {
    web: createDrainingServer(app.callback()),
    redis,
    metrics: metrics && createMetricsServer(metrics.registry),
  };
}

function listen({ host, port, metricsPort }: Environment, { web: { server }, metrics }: Parts, log: Logger): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_MS;
  server.requestTimeout = REQUEST_MS;
  server.once("error", (error) => fail(`PORT: can't listen on ${host}:${port}: ${error.message}`));
  server.listen(port, host, () => {
    const { port } = server.address() as AddressInfo;
    log.info(`listening on http://${host.includes(":") ? `[${host}]` : host}:${port}`);
  });
  metrics?.once("error", (error) => fail(`METRICS_PORT: can't listen: ${error.message}`));
  metrics?.listen(metricsPort, host);
}

/** Leaves the load balancer, answers the requests under way, and closes what the process opened. */
async function stop({ web, redis, metrics }: Parts, drainMs: number): Promise<void> {
  const stopBy = Date.now() + STOP_MS;
  web.drain();
  await wait(drainMs);
  await web.close(stopBy - Date.now());
  redis?.disconnect();
  metrics?.close();
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
