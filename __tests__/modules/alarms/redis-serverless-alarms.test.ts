import { TerraformVariable } from "cdktf";
import { Monitoring, RedisServerlessAlarms } from "../../../modules/alarms";
import { Network } from "../../../modules/network";
import { RedisServerlessCache, type RedisServerlessCacheProps } from "../../../modules/redis";
import { type Block, synthesize } from "../../synthesized";

const watched = (limits: Pick<RedisServerlessCacheProps, "dataStorageGb" | "ecpuPerSecond"> = {}) =>
  synthesize((stack) => {
    const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1" });
    const redis = new RedisServerlessCache(stack, "redis", { network: new Network(stack, "network"), ...limits });
    new RedisServerlessAlarms(stack, "redis-alarms", { redis, monitoring });
  });
const stack = watched({ dataStorageGb: { max: 10 }, ecpuPerSecond: { min: 1000, max: 4000 } });
const alarms: Block[] = Object.values(stack.all("aws_cloudwatch_metric_alarm"));

describe("RedisServerlessAlarms watch", () => {
  test("the cache with these thresholds: three quarters of a limit, as AWS advises", () => {
    const told = alarms.map(({ metric_name, statistic, threshold, evaluation_periods }) => [
      metric_name,
      statistic,
      threshold,
      evaluation_periods,
    ]);
    expect(told.sort()).toEqual([
      ["BytesUsedForCache", "Maximum", 7_500_000_000, 5],
      ["CurrConnections", "Maximum", 52_000, 5],
      ["ElastiCacheProcessingUnits", "Sum", 180_000, 5],
      ["Evictions", "Sum", 1, 1],
      ["ThrottledCmds", "Sum", 1, 1],
    ]);
  });

  test("under the dimension of a serverless cache, once it is there; a cache without requests reports nothing", () => {
    for (const { dimensions, depends_on, treat_missing_data, alarm_description } of alarms) {
      expect(dimensions).toEqual({ clusterId: "session-test-redis" });
      expect(depends_on).toEqual([expect.stringMatching(/^aws_elasticache_serverless_cache\.redis_/)]);
      expect(treat_missing_data).toBe("notBreaching");
      expect(alarm_description).toMatch(
        /^session-test-redis: .+\. (Raise|Look) .+\. More: docs\/operations\.md#alarm-serverless-[a-z]+$/,
      );
    }
  });

  test("a limit of a variable, which Terraform multiplies", () => {
    const stack = synthesize((scope) => {
      const limit = new TerraformVariable(scope, "limit", { type: "number" }).numberValue;
      const monitoring = new Monitoring(scope, "monitoring", { region: "ap-northeast-1" });
      const cache = { cacheId: "c", connectionLimit: 65_000, dependables: [] };
      const redis = { ...cache, dataStorageGb: { max: limit }, ecpuPerSecond: { max: limit } };
      new RedisServerlessAlarms(scope, "alarms", { redis, monitoring });
    });
    const thresholds = Object.values(stack.all("aws_cloudwatch_metric_alarm")).map(({ threshold }) => threshold);
    expect(thresholds).toContain(`\${(var.limit * 750000000)}`);
    expect(thresholds).toContain(`\${(var.limit * 45)}`);
  });

  test("no limit that is not there", () => {
    const names = Object.values(watched().all("aws_cloudwatch_metric_alarm")).map(({ metric_name }) => metric_name);
    expect(names.sort()).toEqual(["CurrConnections", "Evictions", "ThrottledCmds"]);
  });

  test("and show data, load and latency on the dashboard", () => {
    const { widgets } = JSON.parse(stack.the("aws_cloudwatch_dashboard").dashboard_body);
    const [title, ...graphs] = widgets as { properties: { markdown?: string; title: string } }[];
    expect(title?.properties.markdown).toBe("## Redis: session-test-redis");
    expect(graphs.map(({ properties }) => properties.title)).toEqual(
      expect.arrayContaining(["Stored data, bytes", "ECPUs a minute", "Latency of reads, microseconds"]),
    );
  });
});
