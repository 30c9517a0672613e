import type { TerraformStack } from "cdktf";
import { LoadBalancerAlarms, type LoadBalancerAlarmsProps, Monitoring } from "../../../modules/alarms";
import { LoadBalancer, TargetGroup, TargetType } from "../../../modules/load-balancer";
import { Network } from "../../../modules/network";
import { type Block, synthesize } from "../../synthesized";

const TOPIC = "arn:aws:sns:ap-northeast-1:123456789012:on-call";

function watch(stack: TerraformStack, props: Partial<LoadBalancerAlarmsProps>): void {
  const network = new Network(stack, "network");
  const group = (id: string) =>
    new TargetGroup(stack, id, { network, targetType: TargetType.IP, port: 5000, healthCheckPath: "/healthz" });
  const [one, two] = [group("one"), group("two")];
  const loadBalancer = new LoadBalancer(stack, "alb", {
    network,
    http: true,
    allowedCidrs: ["203.0.113.0/24"],
    defaultTarget: one,
    pathRules: [{ key: "two", paths: ["/2"], target: two }],
  });
  const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic: { arn: TOPIC } });
  new LoadBalancerAlarms(stack, "web-alarms", { loadBalancer, targetGroups: { one, two }, monitoring, ...props });
}

const watched = (props: Partial<LoadBalancerAlarmsProps> = {}) => synthesize((stack) => watch(stack, props));

function alarms(props?: Partial<LoadBalancerAlarmsProps>): Record<string, Block> {
  const all = Object.values(watched(props).all("aws_cloudwatch_metric_alarm"));
  return Object.fromEntries(all.map((alarm) => [alarm.alarm_name.replace("session-test-web-alarms-", ""), alarm]));
}

const LOAD_BALANCER = expect.stringMatching(/^\$\{aws_lb\.alb_.*\.arn_suffix}$/);

describe("LoadBalancerAlarms watch", () => {
  it("errors of the load balancer and of the app, apart", () => {
    const { "refused-5xx": refused, "app-5xx": app } = alarms();
    expect([refused?.metric_name, app?.metric_name]).toEqual(["HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"]);
    for (const alarm of [refused, app]) {
      expect(alarm).toMatchObject({
        namespace: "AWS/ApplicationELB",
        statistic: "Sum",
        threshold: 5,
        evaluation_periods: 3,
        period: 60,
        treat_missing_data: "notBreaching",
        dimensions: { LoadBalancer: LOAD_BALANCER },
        alarm_actions: [TOPIC],
      });
    }
  });

  it("each target group for targets that stay unhealthy", () => {
    const all = alarms();
    expect(Object.keys(all).sort()).toEqual([
      "app-5xx",
      "one-no-healthy",
      "one-unhealthy",
      "refused-5xx",
      "two-no-healthy",
      "two-unhealthy",
    ]);
    for (const key of ["one", "two"]) {
      expect(all[`${key}-unhealthy`]).toMatchObject({
        metric_name: "UnHealthyHostCount",
        statistic: "Maximum",
        threshold: 1,
        evaluation_periods: 5,
        dimensions: {
          LoadBalancer: LOAD_BALANCER,
          TargetGroup: expect.stringMatching(new RegExp(`^\\$\\{aws_lb_target_group\\.${key}_.*\\.arn_suffix}$`)),
        },
      });
    }
  });

  it("each target group without a healthy target, silence included", () => {
    expect(alarms()["two-no-healthy"]).toMatchObject({
      metric_name: "HealthyHostCount",
      statistic: "Maximum",
      comparison_operator: "LessThanThreshold",
      threshold: 1,
      evaluation_periods: 5,
      treat_missing_data: "breaching",
      dimensions: { TargetGroup: expect.stringMatching(/^\$\{aws_lb_target_group\.two_/) },
    });
  });

  it("as many errors as the caller bears", () => {
    expect(alarms({ errorsPerMinute: 100 })["app-5xx"]?.threshold).toBe(100);
  });

  it("only once visitors can come", () => {
    for (const { depends_on } of Object.values(alarms())) {
      expect(depends_on).toContainEqual(expect.stringMatching(/^aws_lb_listener\./));
    }
  });

  it("on the stack's dashboard", () => {
    const { widgets } = JSON.parse(watched().the("aws_cloudwatch_dashboard").dashboard_body);
    const titles = widgets.map(({ properties }: Block) => properties.title ?? properties.markdown);
    expect(titles).toEqual([
      "## Visitors",
      "Requests a minute",
      "Errors a minute",
      "Response time, seconds: half of them, and 95 %",
      "## Targets",
      "Healthy and unhealthy targets",
    ]);
  });
});
