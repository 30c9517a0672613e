import { Monitoring, SessionAlarms } from "../../../modules/alarms";
import { Synthesized, synthesize } from "../../synthesized";
import { synthesizeProgram } from "../../synthesized/program";

const stack = synthesize((scope) => {
  const monitoring = new Monitoring(scope, "monitoring", { region: "ap-northeast-1" });
  new SessionAlarms(scope, "session-alarms", { app: { metricsName: "shop-app" }, monitoring });
});
const EVERYBODY = ["0.0.0.0/0"];

describe("SessionAlarms watch", () => {
  it.each([
    ["lost-sessions", "LostSessions", { statistic: "Sum", threshold: 10, evaluation_periods: 1 }],
    ["redis-unavailable", "RedisUnavailable", { statistic: "Sum", threshold: 25, evaluation_periods: 1 }],
    ["refused-logins", "RefusedLogins", { statistic: "Sum", threshold: 500, evaluation_periods: 1 }],
    ["redis-time", "RedisTime", { extended_statistic: "p95", threshold: 50, evaluation_periods: 3 }],
  ])("%s", (id, metric_name, more) => {
    expect(stack.at("aws_cloudwatch_metric_alarm", id)).toMatchObject({
      namespace: "SessionApp",
      metric_name,
      dimensions: { App: "shop-app" },
      period: 300,
      comparison_operator: "GreaterThanOrEqualToThreshold",
      // An app without visitors reports nothing.
      treat_missing_data: "notBreaching",
      ...more,
    });
  });

  it("refuse an app that writes no metrics", () => {
    const make = () =>
      synthesize((scope) => {
        const monitoring = new Monitoring(scope, "monitoring", { region: "ap-northeast-1" });
        new SessionAlarms(scope, "session-alarms", { app: { metricsName: undefined }, monitoring });
      });
    expect(make).toThrow(/app: got an app without session metrics.*sessionMetrics: true/s);
  });
});

describe("the setting alarms.sessionMetrics", () => {
  const alarms = { sessionMetrics: true };
  const fleet = { allowedCidrs: EVERYBODY, fleet: { http: true } };

  it("gives each stack's app the name by which its alarms and its graphs are", () => {
    const ecs = { http: true, allowedCidrs: EVERYBODY };
    const texts = synthesizeProgram({ alarms, ec2: fleet, ecs });
    expect([...texts.keys()].sort()).toEqual(["session-ec2", "session-ecs", "session-lambda"]);
    for (const [id, text] of texts) {
      const name = `${id}-app`;
      const synthesized = new Synthesized(text);
      const watched = Object.values(synthesized.all("aws_cloudwatch_metric_alarm")).filter(
        ({ namespace }) => namespace === "SessionApp",
      );
      expect(watched.map(({ dimensions }) => dimensions)).toEqual(Array(4).fill({ App: name }));
      expect(synthesized.the("aws_cloudwatch_dashboard").dashboard_body).toContain(`"App","${name}"`);
      expect(text).toMatch(/SESSION_METRICS/);
      expect(text.split(name).length - 1).toBeGreaterThan(6);
    }
  });

  it("is off by default, and without alarms", () => {
    for (const context of [{}, { alarms: null }]) {
      for (const text of synthesizeProgram(context).values()) expect(text).not.toMatch(/SESSION_METRICS|SessionApp/);
    }
  });

  it.each([
    ["one instance, whose log stays there by default", { allowedCidrs: EVERYBODY }],
    ["a fleet whose log stays there", { ...fleet, logs: false }],
  ])("refuses %s", (_, ec2) => {
    expect(() => synthesizeProgram({ alarms, ec2 })).toThrow(
      /ec2\.logs: got false, allowed: true with sessionMetrics.*set logs to true, or leave out sessionMetrics/s,
    );
  });

  it("takes one instance that sends its log", () => {
    const text = synthesizeProgram({ alarms, ec2: { allowedCidrs: EVERYBODY, logs: true } }).get("session-ec2");
    expect(text).toMatch(/SESSION_METRICS/);
  });
});
