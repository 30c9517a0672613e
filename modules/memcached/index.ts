export type { IMemcachedCluster, MemcachedEndpoint } from "./contract";
export { MemcachedEngine, type MemcachedEngineProps } from "./engine";
export { MemcachedCluster } from "./memcached-cluster";
export { AzMode } from "./placement";
export type { MemcachedClusterProps } from "./props";
