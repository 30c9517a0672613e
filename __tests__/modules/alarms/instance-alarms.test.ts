import { InstanceAlarms, Monitoring } from "../../../modules/alarms";
import { synthesize } from "../../synthesized";

const stack = synthesize((scope) => {
  const monitoring = new Monitoring(scope, "monitoring", { region: "ap-northeast-1" });
  new InstanceAlarms(scope, "web", { instance: { instanceId: "i-0123456789abcdef0", dependables: [] }, monitoring });
});

describe("InstanceAlarms watch", () => {
  it("the system's status check, of which AWS recovers by itself", () => {
    expect(stack.at("aws_cloudwatch_metric_alarm", "web_system")).toMatchObject({
      namespace: "AWS/EC2",
      metric_name: "StatusCheckFailed_System",
      statistic: "Maximum",
      period: 60,
      evaluation_periods: 2,
      threshold: 1,
      treat_missing_data: "notBreaching",
      dimensions: { InstanceId: "i-0123456789abcdef0" },
    });
  });

  it("the instance's own, silence included: one that is gone reports nothing", () => {
    expect(stack.at("aws_cloudwatch_metric_alarm", "web_instance")).toMatchObject({
      metric_name: "StatusCheckFailed_Instance",
      evaluation_periods: 5,
      treat_missing_data: "breaching",
    });
  });
});
