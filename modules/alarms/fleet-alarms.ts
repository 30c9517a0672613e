import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, required } from "../validation";
import { MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** The parts of an Auto Scaling group that alarms need. Its group metrics must be on, as in an Ec2Fleet. */
export interface WatchedFleet {
  /** The dimension of its metrics. */
  readonly autoScalingGroupName: string;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link FleetAlarms}. */
export interface FleetAlarmsProps extends ProviderProps {
  /** The group that is watched. */
  readonly fleet: WatchedFleet;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link FleetAlarmsProps}. */
export const FLEET_ALARMS_PROPS: PropTypes<FleetAlarmsProps> = {
  ...PROVIDER_PROPS,
  fleet: required(objectWith("an Ec2Fleet", "create an Ec2Fleet", "autoScalingGroupName", "dependables")),
  monitoring: MONITORING,
};

/** Longer than the time from the launch of an instance to its first answer, including its packages. */
const MINUTES = 15;

/**
 * An alarm on a group with fewer instances in service than desired: launches fail, or instances do not become healthy. Auto Scaling has no
 * metric of failed launches. A refresh launches new instances first, so it does not set off the alarm.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html
 */
export class FleetAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FleetAlarmsProps) {
    super(scope, id);
    checkProps(this, props, FLEET_ALARMS_PROPS);
    useProvider(this, props);
    const { fleet, monitoring } = props;
    const { autoScalingGroupName, dependables } = fleet;
    const dimensions = { AutoScalingGroupName: autoScalingGroupName };
    const metric = (name: string, statistic: Metric["statistic"], namespace = "AWS/AutoScaling"): Metric => ({
      namespace,
      name,
      statistic,
      dimensions,
    });
    const desired = metric("GroupDesiredCapacity", "Maximum");
    const serving = metric("GroupInServiceInstances", "Minimum");
    monitoring.alarm(this, "missing-instances", {
      metric: { expression: "desired - serving", metrics: { desired, serving } },
      threshold: 1,
      periods: MINUTES,
      // A group reports each minute as long as it exists.
      missingData: MissingData.BREACHING,
      description: "Fewer instances serve than Auto Scaling wants. Look at the group's activities: launches may fail.",
      runbook: "alarm-missing-instances",
      dependsOn: dependables,
    });
    monitoring.show(
      "Instances",
      [
        { title: "Wanted and in service", metrics: [desired, serving] },
        { title: "CPU, percent", metrics: [{ ...metric("CPUUtilization", "Average", "AWS/EC2"), periodSeconds: 300 }] },
      ],
      { watcher: this },
    );
  }
}
