import { calm, effects, ended, type Row, type TypeEffects, unjudged } from "./effect";
import { leftBehind } from "./left-behind";

/** Any argument of these is about watching, or lives in Terraform's state alone. */
const WATCHING: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_metric_alarm: [
    ...["alarm_name", "comparison_operator", "evaluation_periods", "metric_name", "namespace", "period", "statistic"],
    ...["threshold", "actions_enabled", "alarm_actions", "ok_actions", "insufficient_data_actions", "dimensions"],
    ...["alarm_description", "datapoints_to_alarm", "treat_missing_data", "metric_query", "extended_statistic", "unit"],
    ...["threshold_metric_id", "evaluate_low_sample_count_percentiles"],
  ],
  aws_cloudwatch_composite_alarm: [
    ...["alarm_name", "alarm_rule", "alarm_actions", "ok_actions", "alarm_description", "actions_enabled"],
  ],
  aws_cloudwatch_dashboard: ["dashboard_body", "dashboard_name"],
  aws_cloudwatch_log_metric_filter: ["pattern", "metric_transformation", "name"],
  aws_cloudwatch_query_definition: ["query_string", "log_group_names", "name"],
};

/** Values that Terraform makes up: who takes one shows the change. */
const MADE_UP = ["random_id", "random_integer", "random_password", "random_pet", "random_string", "random_uuid"];
const TIMES = ["time_static", "time_offset", "time_rotating", "time_sleep"];

function inTerraformAlone(provider: string, types: readonly string[]): Record<string, TypeEffects> {
  const row: Row = { destroyed: calm, calm: ["keepers", "triggers", "create_duration", "destroy_duration"] };
  const page = `https://registry.terraform.io/providers/hashicorp/${provider}/latest/docs`;
  return Object.fromEntries(types.map((type) => [type, effects(page, row)]));
}

/** Effects of changes to alarms, logs, events and resources that exist in Terraform alone, by resource type. */
export const OPERATIONS: Readonly<Record<string, TypeEffects>> = {
  ...Object.fromEntries(
    Object.entries(WATCHING).map(([type, names]) => [
      type,
      effects("AmazonCloudWatch/latest/monitoring/WhatIsCloudWatch.html", { destroyed: calm, calm: names }),
    ]),
  ),
  aws_xray_sampling_rule: effects("xray/latest/api/API_UpdateSamplingRule.html", {
    destroyed: calm,
    calm: ["fixed_rate", "reservoir_size", "priority"],
  }),
  aws_budgets_budget: effects("aws-cost-management/latest/APIReference/API_budgets_UpdateBudget.html", {
    destroyed: calm,
    calm: ["limit_amount", "notification", "time_unit"],
  }),
  ...inTerraformAlone("random", MADE_UP),
  ...inTerraformAlone("time", TIMES),
  aws_cloudwatch_log_group: effects("AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html", {
    // ECS starts no task whose log group is missing; Lambda makes its own.
    // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
    destroyed: (change, plan) =>
      plan.of("aws_ecs_task_definition").length > 0
        ? leftBehind(ended("tasks that log there do not start"))(change, plan)
        : [],
    calm: ["retention_in_days", "log_group_class", "name"],
    changed: { kms_key_id: unjudged },
  }),
  aws_cloudwatch_log_stream: effects("AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html", {
    destroyed: calm,
  }),
  aws_sns_topic_subscription: effects("sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html", {
    destroyed: ended("it is told of nothing any more"),
    calm: ["filter_policy", "raw_message_delivery"],
  }),
  aws_cloudwatch_event_rule: effects("eventbridge/latest/userguide/eb-rules.html", {
    destroyed: ended("its targets are called no more"),
  }),
  aws_cloudwatch_event_target: effects("eventbridge/latest/userguide/eb-targets.html", {
    destroyed: ended("it is called no more"),
  }),
};
