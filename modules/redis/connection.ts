import type { EnvironmentVariables } from "../../environment";
import type { RedisEndpoint, RedisVariables } from "./contract";
import type { Login } from "./login";

/** How a cache is talked to. */
export interface Manner {
  /** Whether the endpoint is a configuration endpoint. */
  readonly clusterMode: boolean;
  readonly tls: boolean;
}

/** A cache in the environment contract's variables: the one place that knows which mode takes which. */
export function connectionOf(endpoint: RedisEndpoint, manner: Manner, login: Login): RedisVariables {
  const byEndpoint = { ...endpointOf(endpoint, manner), ...login.variables };
  return {
    connection: manner.clusterMode ? byEndpoint : { ...urlOf(endpoint, manner), ...login.variables },
    connectionByEndpoint: byEndpoint,
  };
}

function urlOf({ host, port }: RedisEndpoint, { tls }: Manner): EnvironmentVariables {
  return { REDIS_URL: `${tls ? "rediss" : "redis"}://${host}:${port}` };
}

function endpointOf({ host, port }: RedisEndpoint, { clusterMode, tls }: Manner): EnvironmentVariables {
  return {
    REDIS_CLUSTER_ENDPOINT: `${host}:${port}`,
    REDIS_TLS: String(tls),
    ...(clusterMode && { REDIS_CLUSTER_MODE: "enabled" }),
  };
}
