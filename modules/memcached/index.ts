export type { IMemcachedCluster, MemcachedEndpoint } from "./contract";
export { MemcachedEngine, type MemcachedEngineProps } from "./engine";
export type { ExistingMemcachedProps } from "./existing-memcached";
export { MemcachedCluster } from "./memcached-cluster";
export { AzMode } from "./placement";
export type { MemcachedClusterProps } from "./props";
