import { readFileSync } from "node:fs";
import path from "node:path";
import { listCosts } from "../../../cli/cost/lines";
import { withTables } from "../../../cli/cost/page";
import { PRICES, type Price } from "../../../cli/cost/prices";
import { costData, costTable, hourlyCost } from "../../../cli/cost/report";
import { UserError } from "../../../environment";
import { synthesizeProgram } from "../../synthesized/program";

const allowedCidrs = ["203.0.113.0/24"];

/** How many of what a stack has. */
function amounts(context: object, id: string): Record<string, number> {
  const text = synthesizeProgram(context, id).get(id) as string;
  return Object.fromEntries(listCosts(text).map(({ price, amount }) => [price, amount]));
}

describe("what a stack costs", () => {
  it("is on its page as the default settings have it (npm run cost -- --write)", () => {
    const page = readFileSync(path.join(__dirname, "..", "..", "..", "docs", "cost.md"), "utf8");
    expect(withTables(page, synthesizeProgram({}))).toBe(page);
  });

  it.each([
    { what: "nodes of shards", context: { redis: { shards: 3, replicas: 2 } }, has: { "cache.t4g.micro redis": 9 } },
    { what: "Valkey", context: { redis: { engine: "valkey-8.0" } }, has: { "cache.t4g.micro valkey": 2 } },
    {
      what: "a fleet, its volumes, addresses and endpoints",
      context: { ec2: { allowedCidrs, fleet: { http: true, minInstances: 3 } } },
      has: { "t4g.small": 3, gp3: 30, loadBalancer: 1, address: 2, endpoint: 10, lcu: 15 },
    },
  ])("counts $what", ({ context, has }) => {
    expect(amounts(context, "session-ec2")).toMatchObject(has);
  });

  it("leaves out what a stack does not have", () => {
    const has = Object.keys(amounts({ alarms: null }, "session-ec2"));
    expect(has).toEqual(["cache.t4g.micro redis", "t4g.small", "gp3", "address", "secret", "logs", "out"]);
  });

  it("counts tasks by what they are given, on instances the instances, and nodes of memcached", () => {
    const ecs = { http: true, allowedCidrs };
    const tasks = amounts({ ecs: { ...ecs, architecture: "X86_64", cpu: 1024, memoryMib: 2048 } }, "session-ecs");
    expect(tasks).toMatchObject({ "X86_64 vcpu": 4, "X86_64 gb": 8, nat: 1, image: 1 });
    const instances = amounts({ ecs: { ...ecs, launchType: "EC2" } }, "session-ecs");
    expect(instances).toMatchObject({ "t4g.medium": 2 });
    expect(Object.keys(instances).join()).not.toContain("vcpu");
    const lambda = amounts({ lambda: { photoCache: { engine: "memcached", nodes: 3 } } }, "session-lambda");
    expect(lambda).toMatchObject({ "cache.t4g.micro redis": 5, api: 1, lambdaTime: 50_000 });
  });

  it("counts an alarm by each metric that it analyzes", () => {
    // On each of two nodes, seven alarms of one metric and one of two; two on the instance.
    expect(amounts({}, "session-ec2").alarm).toBe(2 * (7 + 2) + 2);
  });

  it("adds up by the hour and by the month", () => {
    const table = costTable(JSON.stringify({ resource: { aws_eip: { a: {} }, aws_secretsmanager_secret: { s: {} } } }));
    expect(table).toContain("| public IPv4 address | 1 | $3.65 | $3.65 |\n");
    expect(table).toContain("| **without use** |  | **$4.05** | **$4.05** |\n");
  });

  const nodes = { aws_elasticache_replication_group: { r: { node_type: "cache.x9.large", num_cache_clusters: 2 } } };
  const stack = (resource: object, region = "us-east-1") =>
    JSON.stringify({ provider: { aws: [{ region }] }, resource: { ...resource, aws_eip: { a: {} } } });

  it("has a ? for a price that is not known, the rest, and a sum of at least that", () => {
    const table = costTable(stack(nodes));
    expect(table).toContain("| cache.x9.large redis | 2 | ? | ? |\n");
    expect(table).toContain("| **without use** |  | **at least $3.65** | **at least $3.65** |\n");
    expect(costData(stack(nodes))).toMatchObject({
      lines: [{ what: "cache.x9.large redis", amount: 2, usd: { "us-east-1": null } }, { amount: 1 }],
      sum: { "us-east-1": { usd: 3.65, isAtLeast: true } },
    });
    expect(() => hourlyCost(stack(nodes))).toThrow(UserError);
    expect(hourlyCost(stack({}))).toBeCloseTo(0.005);
  });

  it("has a ? for a price without a source that has a day, in that region alone", () => {
    const group = { node_type: "cache.t4g.medium", num_cache_clusters: 2 };
    const text = stack({ aws_elasticache_replication_group: { r: group } });
    expect(costTable(text)).toContain("| cache.t4g.medium, Redis OSS or memcached | 2 | ? | $94.90 |\n");
    expect(costTable(text)).toContain("| **without use** |  | **at least $3.65** | **$98.55** |\n");
    expect(hourlyCost(text)).toBeCloseTo(2 * 0.065 + 0.005);
    for (const { quotes } of Object.values<Price>(PRICES))
      for (const quote of Object.values(quotes)) if (quote !== undefined) expect(quote[1]).toMatch(/^2026-\d\d/);
  });

  it("has a ? for an amount that the source does not tell", () => {
    const group = { node_type: "cache.t4g.micro", num_cache_clusters: `\${var.nodes}` };
    expect(costTable(stack({ aws_elasticache_replication_group: { r: group } }))).toContain(
      "| cache.t4g.micro, Redis OSS or memcached | ? | ? | ? |\n",
    );
  });

  describe("of a serverless cache", () => {
    const serverless = (values: object) =>
      listCosts(stack({ aws_elasticache_serverless_cache: { s: values } })).map(({ price, amount }) => [price, amount]);
    const limits = (data: number, ecpus: number) => ({
      cache_usage_limits: [{ data_storage: [{ unit: "GB", minimum: data }], ecpu_per_second: [{ minimum: ecpus }] }],
    });

    it.each([
      ["the least data of Valkey", { engine: "valkey" }, ["serverless valkey data", 73]],
      ["the least data of Redis OSS", { engine: "redis" }, ["serverless redis data", 730]],
      ["memcached by the prices of Redis OSS", { engine: "memcached" }, ["serverless redis data", 730]],
      ["the lower limit of data", { engine: "valkey", ...limits(5, 1000) }, ["serverless valkey data", 3650]],
      // 1,000 a second for 730 hours
      ["the lower limit of ECPUs", { engine: "valkey", ...limits(5, 1000) }, ["serverless valkey ecpu", 2628]],
      ["the ECPUs of a small site", { engine: "valkey" }, ["serverless valkey ecpu", 10.5]],
    ])("has %s", (_, values, line) => {
      expect(serverless(values)).toContainEqual(line);
    });

    it("asks for no ECPUs of a small site that a lower limit pays for", () => {
      const amounts_ = serverless({ engine: "valkey", ...limits(5, 1000) });
      expect(amounts_.filter(([price]) => price === "serverless valkey ecpu")).toEqual([
        ["serverless valkey ecpu", 2628],
      ]);
    });

    it("is a sum in Virginia, and at least the rest in Tokyo, of which no dated source has the prices", () => {
      const table = costTable(stack({ aws_elasticache_serverless_cache: { s: { engine: "valkey" } } }));
      expect(table).toContain("| data in a serverless cache, Valkey | 73 GB-hour | ? | $6.13 |\n");
      expect(table).toContain("| **without use** |  | **at least $3.65** | **$9.78** |\n");
      expect(table).toContain("| ECPUs, Valkey: 1 million requests of 10.5 ECPUs | 10.5 million | ? | $0.02 |\n");
      expect(table.split("Left out: ")[1]).toContain("data of a serverless cache beyond the least");
      expect(table).not.toContain("`aws_elasticache_serverless_cache`");
    });

    it("has a ? for limits that the source does not tell", () => {
      const values = { engine: "valkey", cache_usage_limits: { data_storage: { minimum: `\${var.gb}`, unit: "GB" } } };
      expect(costTable(stack({ aws_elasticache_serverless_cache: { s: values } }))).toContain(
        "| data in a serverless cache, Valkey | ? | ? | ? |\n",
      );
    });
  });

  it("says that a region has no prices here", () => {
    expect(costTable(stack({}, "eu-west-1"))).toMatch(
      /^eu-west-1 has no prices here: these are prices of other regions\./,
    );
    expect(costTable(stack({}))).toMatch(/^\| a month/);
  });

  it.each([
    { has: "aws_kms_key", says: "KMS keys" },
    { has: "aws_cloudwatch_log_group", says: "storage of logs" },
    { has: "aws_cloudwatch_metric_alarm", values: { namespace: "SessionApp" }, says: "custom metrics" },
    { has: "aws_db_instance", says: "`aws_db_instance`" },
    { has: "aws_instance", values: { instance_type: `\${var.type}` }, says: "surplus CPU credits" },
    { has: "aws_autoscaling_policy", values: { policy_type: "TargetTrackingScaling" }, says: "alarms that target" },
    { has: "aws_elasticache_replication_group", values: { snapshot_retention_limit: 7 }, says: "snapshots" },
    {
      has: "aws_ecs_cluster",
      values: { setting: [{ name: "containerInsights", value: "enhanced" }] },
      says: "Insights",
    },
  ])("says that it leaves out $says", ({ has, values = {}, says }) => {
    expect(costTable(stack({ [has]: { a: values } })).split("Left out: ")[1]).toContain(says);
    expect(costTable(stack({}))).not.toContain("Left out");
  });

  it("says how much surplus CPU credits can cost at most, of a fleet at its target, and of none that is set to none", () => {
    const instance = (more: object) => stack({ aws_instance: { a: { instance_type: "t4g.small", ...more } } });
    // Two vCPUs, of which the credits pay for a fifth.
    const most = `$${(2 * 0.8 * 730 * 0.04).toFixed(2)}`;
    expect(costTable(instance({}))).toContain(`Surplus CPU credits can add up to ${most} in ap-northeast-1`);
    expect(costTable(instance({ credit_specification: { cpu_credits: "standard" } }))).not.toContain("Surplus");
    expect(costTable(instance({ instance_type: "m7g.large" }))).not.toContain("Surplus");

    const context = { ec2: { allowedCidrs, fleet: { http: true } } };
    const fleet = synthesizeProgram(context, "session-ec2").get("session-ec2") as string;
    // $17.52 for each of the two instances, at the target of half of the processor time.
    expect(costTable(fleet)).toContain("Surplus CPU credits can add up to $35.04 in ap-northeast-1");
    expect(costTable(fleet)).toContain("2 t4g.small with 50 % of the processors busy all month");
    expect(costData(fleet)).toMatchObject({ surplusCredits: [{ instances: 2, percent: 50, vcpuHours: 876 }] });
    const standard = { ec2: { ...context.ec2, cpuCredits: "standard" } };
    expect(costTable(synthesizeProgram(standard, "session-ec2").get("session-ec2") as string)).not.toContain("Surplus");
  });
});
