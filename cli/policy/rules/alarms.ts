import { type Configuration, type Resource, texts, type Value } from "../../terraform/configuration";
import { countRedisNodes } from "../../terraform/redis-nodes";
import type { Rule } from "../rule";

/** Metrics that show problems of a cache. Replication lag is not among them, because primaries have none. */
const NODE_METRICS = ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections"];

/** Rules for CloudWatch alarms, and for the alarms that a cache must have. */
export const alarmRules: readonly Rule[] = [
  {
    id: "alarm-missing-data",
    on: ["aws_cloudwatch_metric_alarm"],
    finds: ({ values }) => (values.treat_missing_data ? undefined : "does not say what missing data means"),
  },
  {
    id: "redis-alarms",
    on: ["aws_elasticache_replication_group"],
    finds(group, configuration) {
      const alarms = findAlarms(configuration, "AWS/ElastiCache");
      const nodes = countRedisNodes(group.values).total;
      const lacking = NODE_METRICS.filter((metric) => {
        const seen = alarms.filter((alarm) => alarm.values.metric_name === metric).map(readNode);
        return new Set(seen).size < nodes;
      });
      return lacking.length > 0 ? `has nodes without an alarm on ${lacking.join(", ")}` : undefined;
    },
  },
  {
    id: "target-alarms",
    on: ["aws_lb_target_group"],
    finds: (group, configuration) =>
      findAlarms(configuration, "AWS/ApplicationELB").some(
        ({ values, refersTo }) =>
          values.metric_name === "UnHealthyHostCount" && refersTo("dimensions").includes(group.address),
      ) || findAlarms(configuration, "AWS/ApplicationELB").some((alarm) => isAbout(alarm, group.values.arn_suffix))
        ? undefined
        : "has no alarm on unhealthy hosts",
  },
  {
    id: "function-alarms",
    on: ["aws_lambda_function"],
    finds(one, configuration) {
      const alarms = findAlarms(configuration, "AWS/Lambda").filter(
        (alarm) => alarm.refersTo("dimensions").includes(one.address) || isAbout(alarm, one.values.function_name),
      );
      const lacking = ["Errors", "Throttles"].filter(
        (metric) => !alarms.some(({ values }) => values.metric_name === metric),
      );
      return lacking.length > 0 ? `has no alarm on ${lacking.join(" and ")}` : undefined;
    },
  },
];

function findAlarms(configuration: Configuration, namespace: string): readonly Resource[] {
  return configuration.of("aws_cloudwatch_metric_alarm").filter(({ values }) => values.namespace === namespace);
}

function readNode({ values }: Resource): string {
  return JSON.stringify((values.dimensions as Record<string, Value> | undefined)?.CacheClusterId);
}

function isAbout({ values }: Resource, name: Value | undefined): boolean {
  return name !== undefined && texts(Object.values(values.dimensions ?? {}) as Value[]).includes(String(name));
}
