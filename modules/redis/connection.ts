import type { EnvironmentVariables } from "../../environment";
import type { RedisEndpoint, RedisVariables } from "./contract";
import type { Login } from "./login";

/** The properties of a connection beside its address. */
export interface ConnectionMode {
  /** Whether the endpoint is a configuration endpoint, at which clients use the cluster protocol. */
  readonly clusterMode: boolean;
  readonly tls: boolean;
}

/** The environment contract's variables for a cache. No other place decides which mode uses which variables. */
export function connectionVariables(endpoint: RedisEndpoint, mode: ConnectionMode, login: Login): RedisVariables {
  const byEndpoint = { ...endpointVariables(endpoint, mode), ...login.variables };
  return {
    connection: mode.clusterMode ? byEndpoint : { ...urlVariable(endpoint, mode), ...login.variables },
    connectionByEndpoint: byEndpoint,
  };
}

function urlVariable({ host, port }: RedisEndpoint, { tls }: ConnectionMode): EnvironmentVariables {
  return { REDIS_URL: `${tls ? "rediss" : "redis"}://${host}:${port}` };
}

function endpointVariables({ host, port }: RedisEndpoint, { clusterMode, tls }: ConnectionMode): EnvironmentVariables {
  return {
    REDIS_CLUSTER_ENDPOINT: `${host}:${port}`,
    REDIS_TLS: String(tls),
    ...(clusterMode && { REDIS_CLUSTER_MODE: "enabled" }),
  };
}
