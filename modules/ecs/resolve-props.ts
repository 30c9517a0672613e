import type { Construct } from "constructs";
import { findRegion } from "../stack/region";
import { type PulledImage, resolveBaseImages, resolveImage } from "./container-image";
import { CpuArchitecture, LaunchType } from "./launch-type";
import { ContainerInsights, type EcsTopologyProps, type PathService } from "./props";
import { DOCUMENT_SIZE } from "./task-size";

/** The default service, which serves every path. */
const ONE_SERVICE: readonly PathService[] = [{ key: "app", paths: [] }];

/** Default number of tasks. With two, one may fail. */
const DEFAULT_TASKS = 2;

/**
 * The props of a topology with all defaults.
 *
 * @throws {ValidationError} when an image has no fixed tag, or runs as root.
 */
export function resolveProps(scope: Construct, props: EcsTopologyProps) {
  const {
    launchType = LaunchType.FARGATE,
    services = ONE_SERVICE,
    cpu = DOCUMENT_SIZE.cpu,
    memoryMib = DOCUMENT_SIZE.memoryMib,
    architecture = CpuArchitecture.ARM64,
    instances: { instanceType = "t4g.medium", minInstances = 2, ...instances } = {},
    containerInsights = ContainerInsights.DISABLED,
    executeCommand = false,
    readonlyRootFilesystem = true,
    scaling = {},
    healthCheckGraceSeconds = 60,
    waitForSteadyState = true,
    logRetentionDays = 14,
  } = props;
  const image = props.image && resolveImage(scope, props.image, findRegion(scope));
  const baseImages = resolveBaseImages(scope, props.baseImages ?? {}, findRegion(scope));
  const pulled: readonly PulledImage[] = image === undefined ? [baseImages.node, baseImages.awsCli] : [image];
  return {
    ...props,
    launchType,
    services: services.map(({ minTasks = DEFAULT_TASKS, maxTasks = 2 * minTasks, ...service }) => {
      return { ...service, minTasks, maxTasks };
    }),
    size: { cpu, memoryMib },
    architecture,
    instances: { ...instances, instanceType, minInstances },
    image,
    baseImages,
    pulled,
    containerInsights,
    executeCommand,
    readonlyRootFilesystem,
    scaling,
    healthCheckGraceSeconds,
    waitForSteadyState,
    logRetentionDays,
  };
}

/** See {@link resolveProps}. */
export type ResolvedProps = ReturnType<typeof resolveProps>;
/** A service with its defaults. */
export type ResolvedService = ResolvedProps["services"][number];
