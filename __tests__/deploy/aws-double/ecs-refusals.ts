import { line, type RefusedCommand } from "./refusal";

/** Refusals of ECS; those that take something away stand last, as each is let through once. */
export const ECS_REFUSALS: readonly RefusedCommand[] = [
  line(
    "service-target-group",
    "a service behind a target group to which no listener sends",
    "InvalidParameterException",
    ({ unlistenedArn }) =>
      `ecs create-service --cluster busy --service-name alone --task-definition app --desired-count 1 --load-balancers targetGroupArn=${unlistenedArn},containerName=app,containerPort=5000`,
  ),
  line(
    "capacity-provider-associated",
    "a capacity provider deleted that a cluster has",
    "ClientException",
    () => "ecs delete-capacity-provider --capacity-provider idle",
  ),
  line(
    "capacity-provider-in-use",
    "a capacity provider taken out of a cluster, on which a service runs",
    "ResourceInUseException",
    () =>
      "ecs put-cluster-capacity-providers --cluster busy --capacity-providers [] --default-capacity-provider-strategy []",
  ),
  line(
    "cluster-in-use",
    "a cluster deleted that has a service",
    "ClusterContainsServicesException",
    () => "ecs delete-cluster --cluster busy",
  ),
];
