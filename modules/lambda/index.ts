export type { CalledFunction, Domain, HttpApi, HttpApiProps } from "./http-api";
export { LambdaTopology, type LambdaTopologyProps } from "./lambda-topology";
export type { FunctionOptions, NodeFunction, NodeFunctionProps } from "./node-function";
export { PhotoCache, type PhotoCacheProps, type PhotoStore } from "./photo-cache";
export { NodeRuntime } from "./runtime";
