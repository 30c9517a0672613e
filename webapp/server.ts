import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import type { Cluster, Redis } from "ioredis";
import type { Logger } from "pino";
import { type Environment, EnvironmentError, readEnvironment } from "../environment";
import { describeListenError } from "../environment/listen-error";
import { DrainingServer } from "./drain";
import { createLog } from "./log";
import { Metrics } from "./metrics";
import { watchRedis } from "./metrics/redis";
import { createMetricsServer } from "./metrics/server";
import { SessionMetrics } from "./metrics/session-metrics";
import { openApp } from "./open-app";
import { connectTo } from "./redis/connect";
import { waitForFirstLink } from "./redis/open";

/**
 * A load balancer sends visitors to every process that listens, so a new process listens when it has its Redis. When Redis is away
 * it listens all the same, since then every process is without: three times the connect timeout. Milliseconds.
 */
const FIRST_LINK_MS = 3000;
/** A stop ends before the limits of systemd and ECS, also with a slow client. Milliseconds. */
const STOP_MS = 25_000;

/** Serves until a signal stops the process. */
async function start(environment: Environment): Promise<void> {
  const log = createLog(environment.logLevel);
  const parts = await assemble(environment, log);
  listen(environment, parts, log);
  let isStopping = false;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    // Later signals change nothing: requests under way are answered, and a stop takes no longer than `STOP_MS`.
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void stop(environment, parts, signal, log);
    });
  }
}

/** The parts of a serving process that a stop closes. */
interface Parts {
  readonly web: DrainingServer;
  /** Aborted when the process is about to stop. */
  readonly stopping: AbortController;
  readonly redis: Redis | Cluster | undefined;
  readonly metrics: Server | undefined;
  readonly sessionMetrics: SessionMetrics | undefined;
}

/** Connects to Redis and creates the servers; they do not listen yet. */
async function assemble(environment: Environment, log: Logger): Promise<Parts> {
  if (environment.secretKey.kind === "random") {
    log.warn("SECRET_KEY is not set: forms open during a restart have to be loaded again");
  }
  if (environment.redis === undefined) log.warn("REDIS_URL is not set: sessions live in this process and end with it");
  const redis = environment.redis && connectTo(environment.redis, log);
  const { metricsPort, sessionMetrics: name } = environment;
  const metrics = metricsPort === undefined && name === undefined ? undefined : new Metrics();
  if (metrics !== undefined && redis !== undefined) watchRedis(metrics, redis);
  const stopping = new AbortController();
  const app = await openApp({ environment, log, redis, metrics, stopping: stopping.signal });
  if (redis !== undefined) await waitForFirstLink(redis, FIRST_LINK_MS);
  const web = new DrainingServer(app.callback());
  const metricsServer = metricsPort === undefined ? undefined : metrics && createMetricsServer(metrics.registry);
  const sessionMetrics = name === undefined ? undefined : metrics && new SessionMetrics(name, metrics, log);
  sessionMetrics?.start();
  return { web, stopping, redis, metrics: metricsServer, sessionMetrics };
}

function listen({ host, port, metricsPort }: Environment, { web: { server }, metrics }: Parts, log: Logger): void {
  server.once("error", (error) => fail(describeListenError("PORT", `${host}:${port}`, error)));
  server.listen(port, host, () => {
    const { port } = server.address() as AddressInfo;
    log.info(`listening on http://${host.includes(":") ? `[${host}]` : host}:${port}`);
  });
  metrics?.once("error", (error) => fail(describeListenError("METRICS_PORT", `${host}:${metricsPort}`, error)));
  metrics?.listen(metricsPort, host);
}

/** Leaves the load balancer, answers the requests under way, and closes what the process opened. */
async function stop({ drainSeconds }: Environment, parts: Parts, signal: NodeJS.Signals, log: Logger): Promise<void> {
  const { web, stopping, redis, metrics, sessionMetrics } = parts;
  const stopBy = Date.now() + STOP_MS;
  log.info({ signal }, "stopping: requests under way finish first");
  stopping.abort();
  web.drain();
  // Only a load balancer needs time to notice. Ctrl-C and a closed terminal come from a person.
  if (signal === "SIGTERM") await wait(drainSeconds * 1000);
  await web.close(stopBy - Date.now());
  redis?.disconnect();
  await sessionMetrics?.stop();
  metrics?.close();
  metrics?.closeAllConnections();
  log.info("stopped");
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
