export type { ConnectingRole, IRedisCluster, RedisEndpoint } from "./contract";
export { type EngineName, RedisEngine, type RedisEngineProps } from "./engine";
export type { HasArn, RedisClusterProps } from "./props";
export { RedisCluster } from "./redis-cluster";
