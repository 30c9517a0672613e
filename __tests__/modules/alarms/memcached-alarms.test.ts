import { MemcachedAlarms, Monitoring } from "../../../modules/alarms";
import { MemcachedCluster } from "../../../modules/memcached";
import { Network } from "../../../modules/network";
import { type Block, synthesize } from "../../synthesized";

const watched = (nodes: number) =>
  synthesize((stack) => {
    const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1" });
    const memcached = new MemcachedCluster(stack, "memcached", { network: new Network(stack, "network"), nodes });
    new MemcachedAlarms(stack, "memcached-alarms", { memcached, monitoring });
  });
const stack = watched(3);
const alarms: Block[] = Object.values(stack.all("aws_cloudwatch_metric_alarm"));

describe("MemcachedAlarms watch", () => {
  test("each node, by its id in metrics", () => {
    const covered: Record<string, string[]> = {};
    for (const { metric_name, dimensions } of alarms) {
      expect(dimensions.CacheClusterId).toBe("session-test-memcached");
      covered[metric_name] = [...(covered[metric_name] ?? []), dimensions.CacheNodeId];
    }
    const nodes = ["0001", "0002", "0003"];
    expect(covered).toEqual({ CPUUtilization: nodes, Evictions: nodes, SwapUsage: nodes, CurrConnections: nodes });
  });

  test("with these thresholds, for so many minutes; silence is a node that is down, and told once", () => {
    const first = alarms.filter(({ dimensions }) => dimensions.CacheNodeId === "0001");
    const told = first.map(({ metric_name, threshold, evaluation_periods, treat_missing_data }) => [
      metric_name,
      threshold,
      evaluation_periods,
      treat_missing_data,
    ]);
    expect(told.sort()).toEqual([
      ["CPUUtilization", 90, 5, "breaching"],
      ["CurrConnections", 52_000, 5, "notBreaching"],
      ["Evictions", 1, 15, "notBreaching"],
      ["SwapUsage", 50_000_000, 5, "notBreaching"],
    ]);
  });

  test("only once the cluster is there, and say what is the matter and what to do", () => {
    for (const { depends_on, alarm_description } of alarms) {
      expect(depends_on).toEqual([expect.stringMatching(/^aws_elasticache_cluster\.memcached_/)]);
      expect(alarm_description).toMatch(
        /^session-test-memcached, node 000\d: .+\. (Take|Look) .+\. More: docs\/operations\.md#alarm-memcached-[a-z]+$/,
      );
    }
  });

  test("under addresses of their node: another one changes no other", () => {
    const addresses = Object.keys(watched(2).all("aws_cloudwatch_metric_alarm"));
    expect(Object.keys(stack.all("aws_cloudwatch_metric_alarm"))).toEqual(expect.arrayContaining(addresses));
  });

  test("and show hits and misses of all nodes on the dashboard", () => {
    const { widgets } = JSON.parse(stack.the("aws_cloudwatch_dashboard").dashboard_body);
    const [title, ...graphs] = widgets as { properties: { markdown?: string; title: string; metrics: unknown[] } }[];
    expect(title?.properties.markdown).toBe("## Memcached: session-test-memcached");
    expect(graphs.map(({ properties }) => [properties.title, properties.metrics.length])).toEqual(
      expect.arrayContaining([
        ["GetHits", 3],
        ["GetMisses", 3],
      ]),
    );
  });
});
