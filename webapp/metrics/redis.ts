import type { Cluster, Redis } from "ioredis";
import type { Metrics } from ".";

/** Counts what happens to the link, and shows how it is when Prometheus asks. */
export function watchRedis(metrics: Metrics, redis: Redis | Cluster): void {
  redis.on("error", () => metrics.redisErrors.inc());
  redis.on("ready", () => metrics.redisConnects.inc());
  metrics.show("redis_ready", "1 while commands can be sent.", () => (redis.status === "ready" ? 1 : 0));
  metrics.show("redis_commands_queued", "Commands that wait for the next trip.", () => redis.autoPipelineQueueSize);
}
