export { type AdministeredRedis, RedisAdministrator, type RedisAdministratorProps } from "./administrator";
export type { Bounds, RedisScalingProps } from "./autoscaling";
export type { ConnectingRole, IRedisCluster, RedisEndpoint, RedisUser, RedisVariables } from "./contract";
export { type EngineName, RedisEngine, type RedisEngineProps } from "./engine";
export type { ExistingRedisAuth, ExistingRedisProps } from "./existing-redis";
export type { IamLogin, PasswordLogin } from "./login";
export { type ExistingUserGroup, RedisAuth, type RedisClusterProps } from "./props";
export { RedisCluster } from "./redis-cluster";
