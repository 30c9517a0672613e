import { type Block, Synthesized } from "../../synthesized";
import { synthesizeProgram, synthesizeStack } from "../../synthesized/program";
import { AWS_METRICS } from "./aws-metrics";

/** `<namespace> <name> <dimensions>`. */
const describeMetric = (namespace: string, name: string, dimensions: readonly string[]) =>
  `${namespace} ${name} ${[...dimensions].sort().join(",")}`;

const published = new Set(
  AWS_METRICS.flatMap(({ namespace, dimensions, metrics }) =>
    metrics.flatMap((name) => dimensions.map((set) => describeMetric(namespace, name, set))),
  ),
);

function ofAlarms(stack: Synthesized): string[] {
  return Object.values(stack.all("aws_cloudwatch_metric_alarm")).flatMap((alarm) => {
    const queries: Block[] = alarm.metric_query ?? [{ metric: alarm }];
    return queries
      .flatMap(({ metric }) => metric ?? [])
      .map(({ namespace, metric_name, dimensions }) => describeMetric(namespace, metric_name, Object.keys(dimensions)));
  });
}

function ofDashboard(stack: Synthesized): string[] {
  const { widgets } = JSON.parse(stack.the("aws_cloudwatch_dashboard").dashboard_body) as { widgets: Block[] };
  return widgets
    .flatMap(({ properties }) => (properties.metrics ?? []) as [string, string, ...unknown[]][])
    .map(([namespace, name, ...rest]) =>
      describeMetric(
        namespace,
        name,
        rest.filter((_, index) => index % 2 === 0 && index < rest.length - 1) as string[],
      ),
    );
}

/** Every kind of alarm and graph that there is. */
const limits = { dataStorageGb: { max: 1 }, ecpuPerSecond: { max: 1000 } };
const contexts: object[] = [
  { lambda: { photoCache: { engine: "memcached" } } },
  { ec2: { allowedCidrs: ["0.0.0.0/0"], fleet: { http: true } }, alarms: { sessionMetrics: true } },
];
const stacks = [
  ...contexts.flatMap((context) => [...synthesizeProgram(context).values()].map((text) => new Synthesized(text))),
  synthesizeStack({ redis: { serverless: limits } }),
];

describe("alarms and graphs", () => {
  it("are on metrics that AWS publishes, under their dimensions", () => {
    const used = stacks.flatMap((stack) => [...ofAlarms(stack), ...ofDashboard(stack)]);
    expect([...new Set(used)].filter((metric) => !published.has(metric))).toEqual([]);
  });

  it("use every metric of the table, so that it has none that nothing holds against AWS", () => {
    const used = new Set(stacks.flatMap((stack) => [...ofAlarms(stack), ...ofDashboard(stack)]));
    const unused = AWS_METRICS.filter(({ namespace, dimensions, metrics }) =>
      metrics.some((name) => !dimensions.some((set) => used.has(describeMetric(namespace, name, set)))),
    );
    expect(unused).toEqual([]);
  });
});
