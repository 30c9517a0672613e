import { Construct } from "constructs";
import { findRegion } from "../stack/region";
import type { Placement } from "./service";
import { Task, type TaskSettings } from "./task";
import type { TaskSize } from "./task-size";

/** Properties of a {@link RunOnce}. */
export interface RunOnceProps {
  readonly settings: TaskSettings;
  readonly size: TaskSize;
  readonly clusterName: string;
  readonly placement: Placement;
  /** Name of the app's command, and its argument. */
  readonly name: string;
  readonly argument: string;
}

/** A command of the app as lines for a terminal. */
export interface Command {
  /** The line of the AWS CLI that starts it. */
  readonly startLine: string;
  /** The line of the AWS CLI that shows its output. */
  readonly logLine: string;
}

/** A task that runs a command of the app and ends. It has the app, environment and permissions of the services, and no port. */
export class RunOnce extends Construct implements Command {
  readonly startLine: string;
  readonly logLine: string;

  constructor(scope: Construct, id: string, props: RunOnceProps) {
    super(scope, id);
    const { settings, size, clusterName, placement, name, argument } = props;
    const task = new Task(this, "task", { settings, size, streamPrefix: name, command: [argument] });
    const region = `--region ${findRegion(this)}`;
    this.startLine = [
      `aws ecs run-task ${region} --cluster ${clusterName} --task-definition ${task.family}`,
      ...placementOptions(placement),
      "--query 'tasks[0].taskArn' --output text",
    ].join(" ");
    this.logLine = `aws logs tail ${settings.logGroup.name} ${region} --log-stream-name-prefix ${name}/ --since 10m --follow`;
  }
}

/** On instances, the cluster's own strategy says. */
function placementOptions(placement: Placement): string[] {
  if (!("subnets" in placement)) return [];
  const subnets = placement.subnets.map(({ subnetId }) => subnetId).join(",");
  const network = `subnets=[${subnets}],securityGroups=[${placement.securityGroup.id}],assignPublicIp=DISABLED`;
  return ["--launch-type FARGATE", `--network-configuration 'awsvpcConfiguration={${network}}'`];
}
