import { Cluster, type Redis } from "ioredis";
import type { Metrics } from ".";

/** Counts what happens to the link, and shows how it is when Prometheus asks. */
export function watchRedis(metrics: Metrics, redis: Redis | Cluster): void {
  redis.on("error", () => metrics.redisErrors.inc());
  redis.on("ready", () => metrics.redisConnects.inc());
  metrics.show("redis_ready", "1 while commands can be sent.", () => (redis.status === "ready" ? 1 : 0));
  metrics.show("redis_commands_waiting", "Commands that wait for their answer.", () => waiting(redis));
}

function waiting(redis: Redis | Cluster): number {
  const nodes = redis instanceof Cluster ? redis.nodes("all") : [redis];
  // Private in ioredis, and the only place that knows.
  // biome-ignore lint/complexity/useLiteralKeys: TypeScript keeps a private property from any other syntax
  return nodes.reduce((sum, node) => sum + node["commandQueue"].length, 0);
}
