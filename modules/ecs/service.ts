import { EcsService } from "@cdktf/provider-aws/lib/ecs-service";
import { type ITerraformDependable, Op, ref, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import type { SecurityGroup } from "../connections";
import type { TargetGroup } from "../load-balancer";
import { buildName, NameLimits } from "../naming";
import type { ISubnet } from "../network";
import { dependOn } from "../stack/dependencies";
import { checkWholeNumber } from "../validation";
import { TaskScaling, type TaskScalingTargets } from "./scaling";
import { APP_CONTAINER, Task, type TaskSettings } from "./task";
import type { TaskSize } from "./task-size";

/** Placement of the tasks of a service, by launch type. */
export type Placement =
  | { readonly subnets: readonly ISubnet[]; readonly securityGroup: SecurityGroup }
  | { readonly capacityProvider: string };

/** Properties of a {@link Service}. */
export interface ServiceProps {
  readonly settings: TaskSettings;
  readonly size: TaskSize;
  readonly clusterName: string;
  readonly placement: Placement;
  readonly target: TargetGroup;
  readonly loadBalancerArnSuffix: string;
  readonly minTasks: number;
  readonly maxTasks: number;
  readonly scaling: TaskScalingTargets;
  readonly healthCheckGraceSeconds: number;
  readonly executeCommand: boolean;
  readonly waitForSteadyState: boolean;
  /** Resources that must exist before a task starts. */
  readonly dependables: readonly ITerraformDependable[];
}

const TASKS = { max: 5000, atSynth: true };

/**
 * The provider waits 20 minutes for a service to be steady or gone. Large deployments have taken an hour
 * (aws-actions/amazon-ecs-deploy-task-definition#527); services that drain have outlasted 10 minutes
 * (hashicorp/terraform-provider-aws#17548, #20683). A first deployment that fails has no version to go back to, and the provider waits
 * for it until the end of this time, because it asks for nothing but the number of running tasks:
 * https://github.com/hashicorp/terraform-provider-aws/blob/v5.100.0/internal/service/ecs/service.go
 */
const TIMEOUTS = { create: "30m", update: "60m", delete: "30m" };

/**
 * Identical tasks, kept at a number and replaced one after the other, the new one first. ECS rolls back a deployment whose tasks do not
 * start, or during which a deployment alarm goes on.
 *
 * @throws when a number is out of range.
 */
export class Service extends Construct {
  /** Name of the service, the dimension of its metrics. */
  readonly serviceName: string;
  /** The smallest number of tasks. */
  readonly minTasks: number;
  readonly dependables: readonly ITerraformDependable[];
  readonly task: Task;
  readonly #service: EcsService;

  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    const { settings, size, minTasks, maxTasks } = props;
    checkWholeNumber(this, "minTasks", minTasks, { ...TASKS, min: 1, fix: "take 2, so that one may fail" });
    checkWholeNumber(this, "maxTasks", maxTasks, {
      ...TASKS,
      min: minTasks,
      fix: "as many as minTasks is a service that does not scale",
    });
    checkWholeNumber(this, "healthCheckGraceSeconds", props.healthCheckGraceSeconds, {
      min: 0,
      max: 2_147_483_647,
      fix: "leave it out for 60",
    });
    this.task = new Task(this, "task", { settings, size, streamPrefix: id });
    const scales = maxTasks > minTasks;
    const service = this.#createService(props, scales);
    this.#service = service;
    this.serviceName = service.name;
    this.minTasks = minTasks;
    this.dependables = [service];
    if (scales) new TaskScaling(this, "scaling", { ...props, serviceName: service.name, targets: props.scaling });
  }

  /** See {@link EcsTopology.enableDeploymentAlarms}. */
  enableDeploymentAlarms(alarmNames: readonly string[]): void {
    const isOn = alarmNames.length > 0;
    // The provider ignores a block that is left out: alarms are turned off by a block that says so.
    this.#service.putAlarms({ alarmNames: [...alarmNames], enable: isOn, rollback: isOn });
  }

  #createService(props: ServiceProps, scales: boolean): EcsService {
    const { settings, placement, target } = props;
    return new EcsService(this, "service", {
      name: buildName(this, NameLimits.ECS_SERVICE),
      cluster: props.clusterName,
      taskDefinition: this.task.arn,
      desiredCount: props.minTasks,
      ...placementArguments(placement),
      availabilityZoneRebalancing: "ENABLED",
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      healthCheckGracePeriodSeconds: props.healthCheckGraceSeconds,
      loadBalancer: [{ targetGroupArn: target.arn, containerName: APP_CONTAINER, containerPort: settings.app.port }],
      enableExecuteCommand: props.executeCommand,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
      waitForSteadyState: props.waitForSteadyState,
      tags: { Name: buildName(this, NameLimits.TAG) },
      timeouts: TIMEOUTS,
      ...((scales || props.waitForSteadyState) && { lifecycle: this.#lifecycle(props, scales) }),
      dependsOn: dependOn(this, new Set(props.dependables)),
    });
  }

  /** Scaling chooses the number of tasks between the two, and Terraform would reset it. */
  #lifecycle({ waitForSteadyState }: ServiceProps, scales: boolean) {
    return {
      ...(scales && { ignoreChanges: ["desired_count"] }),
      // A deployment that was rolled back is steady too (hashicorp/terraform-provider-aws#20858).
      ...(waitForSteadyState && {
        postcondition: [
          {
            condition: Op.eq(ref("self.task_definition", TerraformStack.of(this)), this.task.arn),
            errorMessage: "The deployment failed, and ECS went back to the tasks before.",
          },
        ],
      }),
    };
  }
}

function placementArguments(placement: Placement): Partial<ConstructorParameters<typeof EcsService>[2]> {
  if ("subnets" in placement) {
    return {
      launchType: "FARGATE",
      networkConfiguration: {
        subnets: placement.subnets.map(({ subnetId }) => subnetId),
        securityGroups: [placement.securityGroup.id],
        assignPublicIp: false,
      },
    };
  }
  return {
    capacityProviderStrategy: [{ capacityProvider: placement.capacityProvider, weight: 1 }],
    // Over zones first, then over the instances of a zone.
    orderedPlacementStrategy: [
      { type: "spread", field: "attribute:ecs.availability-zone" },
      { type: "spread", field: "instanceId" },
    ],
  };
}
