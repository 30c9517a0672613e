import { FunctionAlarms, Monitoring } from "../../../modules/alarms";
import { type Block, synthesize } from "../../synthesized";

function alarms(apiId?: string): Record<string, Block> {
  const s = synthesize((stack) => {
    const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1" });
    const watched = { functionName: "web", timeoutSeconds: 15, dependables: [] };
    new FunctionAlarms(stack, "alarms", { function: watched, monitoring, ...(apiId && { apiId }) });
  });
  const all = Object.values(s.all("aws_cloudwatch_metric_alarm"));
  const [dashboard] = Object.values(s.all("aws_cloudwatch_dashboard"));
  expect(dashboard?.dashboard_body).toContain("Function: web");
  return Object.fromEntries(all.map((alarm) => [alarm.alarm_name.replace("session-test-alarms-", ""), alarm]));
}

it("watches a function for failures, requests turned away, and answers near its timeout", () => {
  const all = alarms();
  expect(Object.keys(all).sort()).toEqual(["duration", "errors", "throttles"]);
  const about = { namespace: "AWS/Lambda", dimensions: { FunctionName: "web" }, treat_missing_data: "notBreaching" };
  expect(all.errors).toMatchObject({ ...about, metric_name: "Errors", statistic: "Sum", threshold: 1 });
  expect(all.throttles).toMatchObject({ ...about, metric_name: "Throttles", statistic: "Sum", threshold: 1 });
  expect(all.duration).toMatchObject({ ...about, metric_name: "Duration", statistic: "Maximum", threshold: 12_000 });
});

it("watches the API in front of it for what visitors get: an app without Redis fails no invocation", () => {
  expect(alarms("abc123")["api-5xx"]).toMatchObject({
    namespace: "AWS/ApiGateway",
    metric_name: "5xx",
    dimensions: { ApiId: "abc123" },
    threshold: 5,
    evaluation_periods: 3,
  });
});
