import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, required } from "../validation";
import { type AlarmProps, MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** An EC2 instance as far as alarms need to know it. The one of an Ec2Topology is one. */
export interface WatchedInstance {
  /** Its dimension in CloudWatch, `i-...`. */
  readonly instanceId: string;
  /** The alarms are created after these. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link InstanceAlarms}. */
export interface InstanceAlarmsProps extends ProviderProps {
  /** The instance that is watched. */
  readonly instance: WatchedInstance;
  /** Where alarms and graphs go. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link InstanceAlarmsProps}. */
export const INSTANCE_ALARMS_PROPS: PropTypes<InstanceAlarmsProps> = {
  ...PROVIDER_PROPS,
  instance: required(objectWith("an Ec2Topology", "create an Ec2Topology", "instanceId", "dependables")),
  monitoring: MONITORING,
};

/** EC2 publishes status checks every minute, free of charge. A new instance has some after two. */
const MINUTES = 5;
/** Two failed checks in a row: AWS recovers the instance by itself, and the app is away meanwhile. */
const SYSTEM_MINUTES = 2;

/**
 * Alarms on the status checks of one instance, and its graphs. A failed check of the system is AWS' hardware: an instance
 * [recovers by itself](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-configuration-recovery.html), which is
 * on by default, so that the alarm only tells. A failed check of the instance is its own network or operating system.
 *
 * A new instance has no metrics for some minutes, and the second alarm is on until then: so is the site away.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html#status-check-metrics
 */
export class InstanceAlarms extends Construct {
  constructor(scope: Construct, id: string, props: InstanceAlarmsProps) {
    super(scope, id);
    checkProps(this, props, INSTANCE_ALARMS_PROPS);
    useProvider(this, props);
    const { instance, monitoring } = props;
    const { instanceId, dependables: dependsOn } = instance;
    const metric = (name: string, statistic: Metric["statistic"], periodSeconds = 60): Metric => ({
      namespace: "AWS/EC2",
      name,
      statistic,
      dimensions: { InstanceId: instanceId },
      periodSeconds,
    });
    const system: AlarmProps = {
      metric: metric("StatusCheckFailed_System", "Maximum"),
      threshold: 1,
      periods: SYSTEM_MINUTES,
      // The check below tells of silence.
      missingData: MissingData.NOT_BREACHING,
      description: "The instance's hardware or network at AWS has failed. AWS recovers the instance by itself.",
      runbook: "alarm-instance-status",
      dependsOn,
    };
    monitoring.alarm(this, "system", system);
    monitoring.alarm(this, "instance", {
      ...system,
      metric: metric("StatusCheckFailed_Instance", "Maximum"),
      periods: MINUTES,
      // An instance that was stopped or terminated reports nothing.
      missingData: MissingData.BREACHING,
      description: "The instance does not answer its status check, or is gone. Look at its console output.",
    });
    const minutes = 300;
    monitoring.show(
      "Instance",
      [
        { title: "CPU, percent", metrics: [metric("CPUUtilization", "Average", minutes)] },
        {
          title: "Failed status checks",
          metrics: [metric("StatusCheckFailed_System", "Maximum"), metric("StatusCheckFailed_Instance", "Maximum")],
        },
        {
          title: "Bytes in and out in 5 minutes",
          metrics: [metric("NetworkIn", "Sum", minutes), metric("NetworkOut", "Sum", minutes)],
        },
      ],
      { watcher: this },
    );
  }
}
