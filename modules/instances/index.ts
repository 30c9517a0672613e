export { CpuCredits } from "./cpu-credits";
export { InstanceRole } from "./instance-role";
export type { Architecture } from "./instance-type";
export { Instances } from "./instances";
export { LaunchHook, type LaunchHookProps } from "./launch-hook";
export { lookUpImageId, type MachineImage, MachineImages } from "./machine-image";
export type { Balanced, InstancesProps, ScalingTargets } from "./props";
export type { SshAccess } from "./ssh";
