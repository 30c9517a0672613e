export type { BaseImages, ContainerImage } from "./container-image";
export type { ContainerInstancesOptions } from "./container-instances";
export { EcsTopology } from "./ecs-topology";
export { ImageRepository, type ImageRepositoryProps } from "./image-repository";
export { CpuArchitecture, LaunchType } from "./launch-type";
export { ContainerInsights, type EcsTopologyProps, type PathService } from "./props";
export type { Command } from "./run-once";
export type { TaskScalingTargets } from "./scaling";
