export type { Domain, HttpApi } from "./http-api";
export { LambdaTopology, type LambdaTopologyProps } from "./lambda-topology";
export type { FunctionOptions, NodeFunction } from "./node-function";
export { PhotoCache, type PhotoCacheProps, type PhotoStore } from "./photo-cache";
