import { readSecurityGroups } from "./instances";
import type { End } from "./paths";
import type { Rollout } from "./rollout";
import type { Applied, AppliedState } from "./state";

/** The part of a container definition that is played here. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly entryPoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly secrets?: readonly { readonly name: string; readonly valueFrom: string }[];
  readonly user?: string;
  readonly readonlyRootFilesystem?: boolean;
  readonly stopTimeout?: number;
  readonly dependsOn?: readonly { readonly containerName: string; readonly condition: string }[];
  readonly mountPoints?: readonly {
    readonly sourceVolume: string;
    readonly containerPath: string;
    readonly readOnly?: boolean;
  }[];
  readonly portMappings?: readonly { readonly containerPort: number; readonly hostPort?: number }[];
}

/** A task as a service of the applied state wants it. */
export interface TaskPlan {
  readonly name: string;
  /** Its service's deployments. */
  readonly rollout: Rollout;
  readonly end: End;
  readonly zone: string;
  /** ARN of the app's role. */
  readonly role: string;
  readonly containers: readonly ContainerDefinition[];
  readonly serving: { readonly container: string; readonly port: number };
  /** Ports of its host that the load balancer may have to reach: on an instance any of Docker's. */
  readonly hostPorts: readonly number[];
  readonly targetGroup: string;
}

/** The ends of the range that ECS takes dynamic ports from. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html */
const DYNAMIC_PORTS = [32768, 60999];

/** The tasks AWS runs in this state: as many of each service as it wants, spread over its subnets. */
export function taskPlans(state: AppliedState): TaskPlan[] {
  return state.all("aws_ecs_service").flatMap((service) => {
    const definition = state.by("aws_ecs_task_definition", "arn", service.task_definition);
    const containers: ContainerDefinition[] = JSON.parse(definition.container_definitions);
    const { securityGroups, subnets } = findNetwork(state, service);
    const { target_group_arn, container_name, container_port } = service.load_balancer[0];
    const mapping = containers
      .find(({ name }) => name === container_name)
      ?.portMappings?.find(({ containerPort }) => containerPort === container_port);
    if (mapping === undefined) throw new Error(`${service.name}: ${container_name} maps no port ${container_port}`);
    return Array.from({ length: service.desired_count }, (_, n): TaskPlan => {
      const name = `${service.name}-${n + 1}`;
      const subnetId = subnets[n % subnets.length] as string;
      return {
        name,
        rollout: {
          group: service.name,
          leastPercent: service.deployment_minimum_healthy_percent ?? 100,
          mostPercent: service.deployment_maximum_percent ?? 200,
        },
        end: { name: `task ${name}`, securityGroups, subnetId },
        zone: state.by("aws_subnet", "id", subnetId).availability_zone,
        role: definition.task_role_arn,
        containers,
        serving: { container: container_name, port: container_port },
        hostPorts: mapping.hostPort === 0 ? DYNAMIC_PORTS : [mapping.hostPort ?? container_port],
        targetGroup: target_group_arn,
      };
    });
  });
}

/** Tasks on Fargate have a place of their own; on instances they share the instance's. */
function findNetwork(state: AppliedState, service: Applied): { securityGroups: string[]; subnets: string[] } {
  const own = service.network_configuration?.[0];
  if (own !== undefined) return { securityGroups: own.security_groups, subnets: own.subnets };
  const provider = state.by(
    "aws_ecs_capacity_provider",
    "name",
    service.capacity_provider_strategy[0].capacity_provider,
  );
  const arn = provider.auto_scaling_group_provider[0].auto_scaling_group_arn;
  const group = state.by("aws_autoscaling_group", "arn", arn);
  const template = state.by("aws_launch_template", "id", group.launch_template[0].id);
  return { securityGroups: readSecurityGroups(template), subnets: group.vpc_zone_identifier };
}
