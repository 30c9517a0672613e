import { FleetAlarms, Monitoring } from "../../../modules/alarms";
import { synthesize } from "../../synthesized";

const stack = synthesize((scope) => {
  const monitoring = new Monitoring(scope, "monitoring", { region: "ap-northeast-1" });
  new FleetAlarms(scope, "fleet", { fleet: { autoScalingGroupName: "web", dependables: [] }, monitoring });
});

it("FleetAlarms watch for fewer instances in service than are wanted, silence included", () => {
  const { metric_query, ...alarm } = stack.the("aws_cloudwatch_metric_alarm");
  expect(alarm).toMatchObject({ threshold: 1, evaluation_periods: 15, treat_missing_data: "breaching" });
  const metric = { namespace: "AWS/AutoScaling", dimensions: { AutoScalingGroupName: "web" }, period: 60 };
  expect(metric_query).toEqual([
    { id: "result", expression: "desired - serving", label: "result", return_data: true },
    { id: "desired", metric: { ...metric, metric_name: "GroupDesiredCapacity", stat: "Maximum" }, return_data: false },
    {
      id: "serving",
      metric: { ...metric, metric_name: "GroupInServiceInstances", stat: "Minimum" },
      return_data: false,
    },
  ]);
});
