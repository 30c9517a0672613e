import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { dependOn } from "../stack/dependencies";
import type { Metric, MetricMath } from "./metric";

/** The meaning of a period without values. Each alarm sets it, because CloudWatch's default hides a resource that stopped reporting. */
export const MissingData = {
  /** The resource should report all the time, so missing data counts as a value over the threshold. */
  BREACHING: "breaching",
  /** Missing data means that nothing happened, or another alarm detects it. */
  NOT_BREACHING: "notBreaching",
} as const;
export type MissingData = (typeof MissingData)[keyof typeof MissingData];

/** Properties of an alarm. */
export interface AlarmProps {
  /** The watched resource. */
  readonly metric: Metric | MetricMath;
  /** Alarms at this value and above. */
  readonly threshold: number;
  /** Alarms below it instead. @default false */
  readonly below?: boolean;
  /** Number of periods in a row; more than one if a single peak is harmless. @default 1 */
  readonly periods?: number;
  /** The meaning of a period without any value. */
  readonly missingData: MissingData;
  /** The meaning of the alarm and the next step, for the person on call. At most 1024 characters. */
  readonly description: string;
  /** Section of the runbook with more information: its anchor without `#`. @default - no section */
  readonly runbook?: string;
  /** Resources that must exist before the alarm. Otherwise it goes off while they are created. @default - none */
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** The surroundings of all alarms of a `Monitoring`. */
export interface AlarmSurroundings {
  /** The SNS topics that are notified. */
  readonly topicArns: readonly string[];
  readonly runbookUrl: string;
}

/** An alarm; made by `Monitoring`. */
export class Alarm extends Construct {
  /** The alarm at CloudWatch. */
  readonly resource: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: AlarmProps, { topicArns, runbookUrl }: AlarmSurroundings) {
    super(scope, id);
    const { metric, threshold, below = false, periods = 1, missingData, description, dependsOn = [] } = props;
    const more = props.runbook === undefined ? "" : ` More: ${runbookUrl}#${props.runbook}`;
    this.resource = new CloudwatchMetricAlarm(this, "alarm", {
      alarmName: buildName(this, NameLimits.ALARM),
      alarmDescription: `${description}${more}`,
      ...("expression" in metric ? mathArguments(metric) : metricArguments(metric)),
      evaluationPeriods: periods,
      comparisonOperator: below ? "LessThanThreshold" : "GreaterThanOrEqualToThreshold",
      threshold,
      treatMissingData: missingData,
      ...(topicArns.length > 0 && { alarmActions: [...topicArns], okActions: [...topicArns] }),
      dependsOn: dependOn(this, dependsOn),
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
  }
}

function metricArguments(metric: Metric) {
  const { statistic } = metric;
  return {
    namespace: metric.namespace,
    metricName: metric.name,
    dimensions: metric.dimensions,
    ...(statistic.startsWith("p") ? { extendedStatistic: statistic } : { statistic }),
    period: metric.periodSeconds ?? 60,
  };
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
function mathArguments({ expression, metrics }: MetricMath) {
  return {
    metricQuery: [
      { id: "result", expression, label: "result", returnData: true },
      ...Object.entries(metrics).map(([id, { namespace, name, dimensions, statistic, periodSeconds = 60 }]) => ({
        id,
        metric: { namespace, metricName: name, dimensions, stat: statistic, period: periodSeconds },
        returnData: false,
      })),
    ],
  };
}
