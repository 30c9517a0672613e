import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, required } from "../validation";
import { type AlarmProps, MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** The parts of an EC2 instance that alarms need, as of an Ec2Topology's instance. */
export interface WatchedInstance {
  /** The dimension of its metrics, `i-...`. */
  readonly instanceId: string;
  /** Resources that must exist before the alarms. */
  readonly dependables: readonly ITerraformDependable[];
}

/** Properties of {@link InstanceAlarms}. */
export interface InstanceAlarmsProps extends ProviderProps {
  /** The instance that is watched. */
  readonly instance: WatchedInstance;
  /** The topic and the dashboard for alarms and graphs. */
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
/** Two failed checks in a row: AWS recovers the instance by itself, and the app is down meanwhile. */
const SYSTEM_MINUTES = 2;

/**
 * Alarms on the status checks of one instance, and its graphs. A failed check of the system is AWS' hardware: an instance
 * [recovers by itself](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-configuration-recovery.html), which is
 * on by default, so the alarm only notifies. A failed check of the instance is its own network or operating system.
 *
 * A new instance has no metrics for some minutes. Until then, the second alarm is on, and the site is down too.
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
      // The alarm below detects missing data.
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
