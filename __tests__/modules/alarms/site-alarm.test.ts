import { Construct } from "constructs";
import { MissingData, Monitoring } from "../../../modules/alarms";
import { synthesize } from "../../synthesized";

const ALARM = {
  metric: { namespace: "AWS/EC2", name: "CPUUtilization", dimensions: {}, statistic: "Average" },
  threshold: 1,
  missingData: MissingData.BREACHING,
  description: "d",
} as const;

/** A stack with alarms of these ids. */
const withAlarms = (ids: readonly string[]) =>
  synthesize((scope) => {
    const monitoring = new Monitoring(scope, "monitoring", {
      region: "ap-northeast-1",
      topic: { arn: "arn:aws:sns:ap-northeast-1:123456789012:on-call" },
      runbookUrl: "https://example.com/runbook",
    });
    for (const id of ids) monitoring.alarm(new Construct(scope, id), "alarm", ALARM);
  });

const countNames = (rule: string) => rule.match(/ALARM\("\$\{aws_cloudwatch_\w+\.[\w-]+\.alarm_name\}"\)/g)?.length;

describe("the composite alarm of a stack", () => {
  it("is on while any alarm of the stack is on, and leaves the topic to each alarm", () => {
    const stack = withAlarms(["a", "b"]);
    const { alarm_rule, alarm_actions, alarm_description } = stack.the("aws_cloudwatch_composite_alarm");
    const names = Object.keys(stack.all("aws_cloudwatch_metric_alarm")).map(
      (key) => `ALARM("\${aws_cloudwatch_metric_alarm.${key}.alarm_name}")`,
    );
    expect(alarm_rule).toBe(names.join(" OR "));
    expect(alarm_actions).toBeUndefined();
    expect(alarm_description).toContain("https://example.com/runbook#alarms");
  });

  it("does not exist without an alarm", () => {
    expect(withAlarms([]).all("aws_cloudwatch_composite_alarm")).toEqual({});
  });

  // Else Terraform deletes an alarm that is still in the rule, which AWS refuses.
  it("has another name, so is replaced, when the alarms are others, and keeps it otherwise", () => {
    const nameWith = (...ids: string[]) => withAlarms(ids).the("aws_cloudwatch_composite_alarm").alarm_name;
    expect(nameWith("a", "b")).toBe(nameWith("a", "b"));
    expect(nameWith("a")).not.toBe(nameWith("a", "b"));
    expect(nameWith("a")).toMatch(/-[0-9a-f]{8}$/);
  });

  it("is replaced with its parts, since AWS deletes no part that is in a rule", () => {
    const namesWith = (count: number) =>
      Object.values(withAlarms(Array.from({ length: count }, (_, i) => `a${i}`)).all("aws_cloudwatch_composite_alarm"))
        .map(({ alarm_name }) => String(alarm_name))
        .sort();
    const more = new Set(namesWith(103));
    const kept = namesWith(102).filter((name) => more.has(name));
    // The first part has the same 100 alarms.
    expect(kept).toEqual([expect.stringContaining("part-1-")]);
  });

  it.each([
    ["100 alarms in one rule", 100, "a", [100]],
    ["more in parts, which the alarm of the stack combines", 101, "a", [2, 100, 1]],
    ["fewer in a part where names are long", 80, "a".repeat(120), [2, expect.any(Number), expect.any(Number)]],
  ])("takes %s", (_, count, name, expected) => {
    const stack = withAlarms(Array.from({ length: count }, (_, index) => `${name}${index}`));
    const rules = Object.values(stack.all("aws_cloudwatch_composite_alarm")).map(({ alarm_rule }) => alarm_rule);
    const counts = rules.map(countNames);
    expect(counts).toEqual(expected);
    expect(counts.reduce((sum = 0, one = 0) => sum + one, 0)).toBe(count + (counts.length > 1 ? 2 : 0));
  });
});
