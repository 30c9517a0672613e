/** The compute that tasks run on. */
export const LaunchType = {
  /** Instances in an Auto Scaling group of the stack, with a bridge network and a port for each task. */
  EC2: "EC2",
  /** AWS' machines, with an address for each task. */
  FARGATE: "FARGATE",
} as const;
export type LaunchType = (typeof LaunchType)[keyof typeof LaunchType];

/** Processor architectures, as ECS calls them. */
export const CpuArchitecture = {
  ARM64: "ARM64",
  X86_64: "X86_64",
} as const;
export type CpuArchitecture = (typeof CpuArchitecture)[keyof typeof CpuArchitecture];
