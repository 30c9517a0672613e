import type { EnvironmentVariables } from "../../environment";
import type { RedisEndpoint } from "./contract";
import type { Login } from "./login";

/** How a cache is talked to. */
export interface Manner {
  /** Whether the endpoint is a configuration endpoint. */
  readonly clusterMode: boolean;
  readonly tls: boolean;
}

/** The environment contract's variables for a cache: the one place that knows which mode takes which. */
export function connectionOf(endpoint: RedisEndpoint, manner: Manner, login: Login): EnvironmentVariables {
  return { ...placeOf(endpoint, manner), ...login.variables };
}

function placeOf({ host, port }: RedisEndpoint, { clusterMode, tls }: Manner): EnvironmentVariables {
  if (!clusterMode) return { REDIS_URL: `${tls ? "rediss" : "redis"}://${host}:${port}` };
  return { REDIS_CLUSTER_ENDPOINT: `${host}:${port}`, REDIS_TLS: String(tls), REDIS_CLUSTER_MODE: "enabled" };
}
