import { findAnchors } from "../../programs/page";
import { Synthesized } from "../../synthesized";
import { synthesizeProgram } from "../../synthesized/program";

/** The alarm descriptions of the stacks with these settings. */
function descriptions(alarms: object, more: object = {}): string[] {
  const photoCache = { engine: "memcached" };
  const texts = [...synthesizeProgram({ alarms, lambda: { photoCache }, ...more }).values()];
  const all = texts.flatMap((text) => Object.values(new Synthesized(text).all("aws_cloudwatch_metric_alarm")));
  return all.map(({ alarm_description }) => String(alarm_description));
}

describe("the runbook", () => {
  it("has a section for every alarm of every stack, and none for an alarm that is no more", () => {
    const alarms = { sessionMetrics: true };
    const fleet = { ec2: { allowedCidrs: ["0.0.0.0/0"], fleet: { http: true } } };
    const limits = { dataStorageGb: { max: 1 }, ecpuPerSecond: { max: 1000 } };
    const serverless = { redis: { serverless: limits } };
    const named = [...descriptions({}), ...descriptions(alarms, fleet), ...descriptions({}, serverless)].map(
      (description) => /More: docs\/operations\.md#(\S+)$/.exec(description)?.[1],
    );
    expect(named).not.toContain(undefined);
    const sections = findAnchors("docs/operations.md").filter((anchor) => anchor.startsWith("alarm-"));
    expect([...new Set(named)].sort()).toEqual(sections.sort());
  });

  it("stands where the settings say", () => {
    const runbookUrl = "https://git.example.com/docs/operations.md";
    for (const description of descriptions({ runbookUrl }))
      expect(description).toContain(` More: ${runbookUrl}#alarm-`);
  });
});
