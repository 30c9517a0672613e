import { Monitoring, ServiceAlarms } from "../../../modules/alarms";
import { synthesize } from "../../synthesized";
import { HTTP, topology } from "../ecs/stack";

const stack = synthesize((scope) => {
  const { clusterName, services } = topology(scope, {
    ...HTTP,
    services: [
      { key: "shop", paths: [], minTasks: 3 },
      { key: "admin", paths: ["/admin/*"] },
    ],
  });
  const monitoring = new Monitoring(scope, "monitoring", { region: "ap-northeast-1" });
  new ServiceAlarms(scope, "service-alarms", { clusterName, services, monitoring });
});
const DIMENSIONS = {
  ClusterName: expect.stringMatching(/^\$\{aws_ecs_cluster\.web_.*\.name}$/),
  ServiceName: expect.stringMatching(/^\$\{aws_ecs_service\.web_service-shop_.*\.name}$/),
};

describe("ServiceAlarms watch", () => {
  it("each service for fewer tasks than it ought to have, silence included", () => {
    expect(Object.keys(stack.all("aws_cloudwatch_metric_alarm"))).toHaveLength(2);
    expect(stack.at("aws_cloudwatch_metric_alarm", "shop-tasks")).toMatchObject({
      namespace: "AWS/ECS",
      metric_name: "CPUUtilization",
      statistic: "SampleCount",
      period: 60,
      evaluation_periods: 5,
      comparison_operator: "LessThanThreshold",
      threshold: 3,
      treat_missing_data: "breaching",
      dimensions: DIMENSIONS,
      depends_on: [expect.stringMatching(/^aws_ecs_service\.web_service-shop_/)],
    });
    expect(stack.at("aws_cloudwatch_metric_alarm", "admin-tasks").threshold).toBe(2);
  });

  it("and show tasks, processor time and memory of all", () => {
    const { widgets } = JSON.parse(stack.the("aws_cloudwatch_dashboard").dashboard_body);
    const titles = widgets.map(({ properties }: { properties: Record<string, string> }) => properties.title);
    expect(titles.slice(1)).toEqual([
      "Running tasks",
      "CPU, percent of what tasks are given",
      "Memory, percent of what tasks are given",
    ]);
    for (const { properties } of widgets.slice(1)) expect(properties.metrics).toHaveLength(2);
  });
});
