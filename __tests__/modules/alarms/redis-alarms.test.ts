import type { TerraformStack } from "cdktf";
import { Monitoring, type MonitoringProps, RedisAlarms } from "../../../modules/alarms";
import { Network } from "../../../modules/network";
import { RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { type Block, synthesize } from "../../synthesized";

type Props = Partial<RedisClusterProps>;

function watch(stack: TerraformStack, props: Props, options: Partial<MonitoringProps> = {}): void {
  const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", ...options });
  const redis = new RedisCluster(stack, "redis", { network: new Network(stack, "network"), ...props });
  new RedisAlarms(stack, "redis-alarms", { redis, monitoring });
}
const watched = (props: Props = {}, options?: Partial<MonitoringProps>) =>
  synthesize((stack) => watch(stack, props, options));
const alarms = (props?: Props, options?: Partial<MonitoringProps>): Block[] =>
  Object.values(watched(props, options).all("aws_cloudwatch_metric_alarm"));

/** The alarms' keys, with the nodes that each covers. */
function covered(props: Props): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { metric_name, metric_query, dimensions } of alarms(props)) {
    if (metric_query !== undefined) continue;
    expect(dimensions.CacheNodeId).toBe("0001");
    found[metric_name] = [...(found[metric_name] ?? []), dimensions.CacheClusterId];
  }
  return found;
}

const EACH = ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage", "Evictions", "CurrConnections"];
const BURSTABLE = ["CPUUtilization", "CPUCreditBalance"];

describe("RedisAlarms watch", () => {
  test("each node of a primary with replicas, the primary included", () => {
    const nodes = ["session-test-redis-001", "session-test-redis-002", "session-test-redis-003"];
    const found = covered({ replicas: 2 });
    expect(Object.keys(found).sort()).toEqual([...EACH, ...BURSTABLE, "ReplicationLag"].sort());
    for (const [metric, members] of Object.entries(found)) expect([metric, members]).toEqual([metric, nodes]);
  });

  test("each node of each shard, by the ids that ElastiCache reports", () => {
    const found = covered({ shards: 3, replicas: 1 });
    for (const metric of [...EACH, "ReplicationLag"]) {
      expect(found[metric]).toEqual(
        [0, 1, 2, 3, 4, 5].map((index) =>
          expect.stringMatching(
            new RegExp(`^\\$\\{element\\(sort\\(tolist\\(aws_[\\w.-]+\\.member_clusters\\)\\), ${index}\\)}$`),
          ),
        ),
      );
    }
  });

  test("no lag where there is no replica", () => {
    expect(Object.keys(covered({ replicas: 0 }))).not.toContain("ReplicationLag");
  });

  test.each([
    { nodeType: "cache.t4g.micro", hostCpu: 45, memory: 66, connections: 16_000, credits: 5 },
    { nodeType: "cache.t2.micro", hostCpu: 90, memory: 66, connections: 16_000, credits: undefined },
    { nodeType: "cache.t2.medium", hostCpu: 45, memory: 80, connections: 16_000, credits: undefined },
    { nodeType: "cache.t3.micro", hostCpu: 45, memory: 66, connections: 16_000, credits: 5 },
    { nodeType: "cache.t3.small", hostCpu: 45, memory: 80, connections: 36_800, credits: 5 },
    { nodeType: "cache.t3.medium", hostCpu: 45, memory: 80, connections: 36_800, credits: 5 },
    { nodeType: "cache.t4g.small", hostCpu: 45, memory: 80, connections: 52_000, credits: 5 },
    { nodeType: "cache.t4g.medium", hostCpu: 45, memory: 80, connections: 52_000, credits: 5 },
    { nodeType: "cache.m7g.large", hostCpu: 45, memory: 80, connections: 52_000, credits: undefined },
    { nodeType: "cache.m7g.xlarge", hostCpu: undefined, memory: 80, connections: 52_000, credits: undefined },
    { nodeType: "cache.r7g.16xlarge", hostCpu: undefined, memory: 80, connections: 52_000, credits: undefined },
  ])("$nodeType from thresholds of its own", ({ nodeType, hostCpu, memory, connections, credits }) => {
    const found = alarms({ nodeType, replicas: 0 });
    const threshold = (metric: string) => found.find(({ metric_name }) => metric_name === metric)?.threshold;
    expect(threshold("CPUUtilization")).toBe(hostCpu);
    expect(threshold("DatabaseMemoryUsagePercentage")).toBe(memory);
    expect(threshold("EngineCPUUtilization")).toBe(90);
    expect(threshold("CurrConnections")).toBe(connections);
    expect(threshold("CPUCreditBalance")).toBe(credits);
    expect(threshold("Evictions")).toBe(1);
  });

  test("memory pressure, as AWS describes it: more swap in use than memory free", () => {
    const [pressure] = alarms({ replicas: 0 }).filter(({ metric_query }) => metric_query !== undefined);
    expect(pressure).not.toHaveProperty("metric_name");
    expect(pressure).toMatchObject({ threshold: 1, evaluation_periods: 5 });
    const dimensions = { CacheClusterId: "session-test-redis-001", CacheNodeId: "0001" };
    const metric = { namespace: "AWS/ElastiCache", dimensions, period: 60 };
    expect(pressure?.metric_query).toEqual([
      { id: "result", expression: "IF(swap > free, 1, 0)", label: "result", return_data: true },
      { id: "swap", metric: { ...metric, metric_name: "SwapUsage", stat: "Maximum" }, return_data: false },
      { id: "free", metric: { ...metric, metric_name: "FreeableMemory", stat: "Minimum" }, return_data: false },
    ]);
  });

  test("used up CPU credits after an hour: a new node begins without any", () => {
    const found = alarms({ replicas: 0 }).find(({ metric_name }) => metric_name === "CPUCreditBalance");
    const hour = { period: 300, evaluation_periods: 12 };
    expect(found).toMatchObject({ comparison_operator: "LessThanThreshold", statistic: "Minimum", ...hour });
  });

  test("silence: a node that reports no CPU is down, and no other alarm goes off for it", () => {
    for (const { metric_name, treat_missing_data } of alarms()) {
      const expected = metric_name === "EngineCPUUtilization" ? "breaching" : "notBreaching";
      expect([metric_name, treat_missing_data]).toEqual([metric_name, expected]);
    }
  });

  test("no silence of a node that ElastiCache may have taken away by itself", () => {
    const scaling = { shards: { min: 1, max: 9 } };
    const found = alarms({ shards: 3, nodeType: "cache.m7g.large", scaling });
    expect(found.length).toBeGreaterThan(0);
    for (const { treat_missing_data } of found) expect(treat_missing_data).toBe("notBreaching");
  });

  test("only once the cache is there", () => {
    for (const { depends_on } of alarms()) {
      expect(depends_on).toEqual([expect.stringMatching(/^aws_elasticache_replication_group\.redis_/)]);
    }
  });

  test("under names that begin with the stack's and say node and matter", () => {
    const names = alarms({ replicas: 0 }).map(({ alarm_name }) => alarm_name);
    expect(names.sort()).toEqual(
      ["connections", "cpu-credits", "engine-cpu", "evictions", "host-cpu", "memory", "swap"].map(
        (matter) => `session-test-redis-alarms-001-${matter}`,
      ),
    );
  });

  test("and say what is the matter and what to do", () => {
    for (const { alarm_description } of alarms()) {
      expect(alarm_description).toMatch(
        /^session-test-redis-00\d: .+\. (Take|Look) .+\. More: docs\/operations\.md#alarm-[a-z-]+$/,
      );
    }
  });
});

describe("Monitoring", () => {
  test("tells a topic of alarms and of their end", () => {
    const topic = { arn: "arn:aws:sns:ap-northeast-1:123456789012:on-call" };
    for (const alarm of alarms({}, { topic })) {
      expect(alarm).toMatchObject({ alarm_actions: [topic.arn], ok_actions: [topic.arn] });
    }
    for (const alarm of alarms()) expect(alarm).not.toHaveProperty("alarm_actions");
  });

  test("shows everybody's graphs on one dashboard, in order, without overlap", () => {
    const stack = synthesize((stack) => {
      watch(stack, { shards: 2 });
      const monitoring = stack.node.findChild("monitoring") as Monitoring;
      const metric = { namespace: "AWS/Lambda", name: "Errors", dimensions: { F: "f" }, statistic: "Sum" } as const;
      monitoring.show("Function", [{ title: "Errors", metrics: [{ ...metric, periodSeconds: 300 }] }]);
    });
    const { dashboard_name, dashboard_body } = stack.the("aws_cloudwatch_dashboard");
    expect(dashboard_name).toBe("session-test-monitoring");
    const { widgets } = JSON.parse(dashboard_body) as { widgets: Block[] };
    expect(widgets.map(({ x, y, properties }) => `${x},${y} ${properties.markdown ?? properties.title}`)).toEqual([
      expect.stringMatching(/^0,0 ## Redis: \$\{aws_elasticache_replication_group\.[\w-]+\.replication_group_id}$/),
      "0,1 Engine CPU, percent",
      "8,1 Host CPU, percent",
      "16,1 Memory in use, percent",
      "0,7 Evictions a minute",
      "8,7 Connections",
      "16,7 Swap in use, bytes",
      "0,13 CPU credits left",
      "8,13 Replication lag, seconds",
      "0,19 ## Function",
      "0,20 Errors",
    ]);
    expect(widgets[1]?.properties).toMatchObject({ region: "ap-northeast-1", view: "timeSeries" });
    expect(widgets[1]?.properties.metrics).toHaveLength(4);
    expect(widgets.at(-1)?.properties.metrics).toEqual([
      ["AWS/Lambda", "Errors", "F", "f", { stat: "Sum", period: 300 }],
    ]);
  });

  test("shows references as references", () => {
    const stack = synthesize((stack) => {
      const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1" });
      const { vpcId } = new Network(stack, "network");
      const metric = { namespace: "N", name: "M", dimensions: { Vpc: vpcId }, statistic: "Sum" } as const;
      monitoring.show("Network", [{ title: "M", metrics: [metric] }]);
    });
    expect(stack.the("aws_cloudwatch_dashboard").dashboard_body).toMatch(/"Vpc","\$\{aws_vpc\.\w+\.id\}"/);
  });

  test("without a dashboard, when that is wanted", () => {
    expect(watched({}, { dashboard: false }).counts()).not.toHaveProperty("aws_cloudwatch_dashboard");
  });
});
