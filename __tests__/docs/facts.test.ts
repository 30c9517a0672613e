import { readFileSync } from "node:fs";
import path from "node:path";
import { PRICES, type Price } from "../../cli/cost/prices";
import { readPhotoCacheEnvironment } from "../../environment/photo-cache";
import { systemdUnit } from "../../modules/ec2/systemd-unit";
import { connectionLimit } from "../../modules/elasticache";
import { compareVersions, findSupportEnd, listVersions } from "../../modules/elasticache/engine-versions";
import { buildCheckKey } from "../../webapp/photo-cache/keys";
import { Synthesized } from "../synthesized";
import { synthesizeProgram } from "../synthesized/program";

const DOCS = path.join(__dirname, "..", "..", "docs");
const read = (page: string) => readFileSync(path.join(DOCS, page), "utf8");
const stacks = new Map([...synthesizeProgram({})].map(([id, text]) => [id, new Synthesized(text)]));
const alarms = (id: string) => Object.values(stacks.get(id)?.all("aws_cloudwatch_metric_alarm") ?? {});

/** Numbers of the pages, each held against the code that it describes. */
describe("docs/", () => {
  it("redis.md has the connections that each node type takes", () => {
    const [, section = ""] = read("redis.md").split("## Connections\n");
    const rows = [...section.matchAll(/^\| (`cache.*`|every other) \| ([\d,]+) \|$/gm)];
    expect(rows).toHaveLength(3);
    for (const [, types = "", limit = ""] of rows) {
      const named =
        types === "every other" ? ["cache.t4g.small", "cache.m7g.large"] : types.replaceAll("`", "").split(", ");
      for (const type of named) expect([type, connectionLimit(type).toLocaleString("en")]).toEqual([type, limit]);
    }
  });

  it("redis.md has the versions that ElastiCache offers, and the ends of their support", () => {
    const [, section = ""] = read("redis.md").split("## Engines\n");
    const rows = [...section.matchAll(/^\| (Redis OSS|Valkey) \| ([\d., ]+) \| (\S.*?) \| (\S*) ?\|$/gm)];
    const listed = rows.flatMap(([, engine = "", versions = "", standard, extended]) =>
      versions
        .split(", ")
        .map((version) => ({ engine: engine === "Valkey" ? "valkey" : "redis", version, standard, extended })),
    );
    for (const engine of ["redis", "valkey"]) {
      const versions = listed.flatMap((one) => (one.engine === engine ? [one.version] : []));
      expect(versions.sort(compareVersions)).toEqual(listVersions(engine));
    }
    for (const { engine, version, standard, extended } of listed) {
      const end = findSupportEnd(engine, version);
      const ends = [end?.standard ?? "not announced", end?.extended ?? ""];
      expect([engine, version, standard, extended]).toEqual([engine, version, ...ends]);
    }
  });

  it("operations.md takes a snapshot of a node: AWS refuses that of a group without cluster mode", () => {
    const calls = read("operations.md").match(/^aws elasticache create-snapshot .*$/gm) ?? [];
    expect(calls).toHaveLength(1);
    const [, node] = /--cache-cluster-id (\S+) /.exec(calls[0] as string) ?? [];
    expect(alarms("session-ec2").map(({ dimensions }) => dimensions?.CacheClusterId)).toContain(node);
    expect(calls[0]).not.toContain("--replication-group-id");
  });

  it("reliability.md has the seconds after which systemd and ECS kill the app", () => {
    const [, systemd, ecs] = /systemd\nkills it after (\d+) s, ECS after (\d+)\./.exec(read("reliability.md")) ?? [];
    expect(systemdUnit({ command: "/app", environmentFile: "/env" })).toContain(`\nTimeoutStopSec=${systemd}\n`);
    const tasks = Object.values(stacks.get("session-ecs")?.all("aws_ecs_task_definition") ?? {});
    const containers = tasks.flatMap(({ container_definitions }) => JSON.parse(container_definitions));
    const timeouts = containers.flatMap(({ stopTimeout }: { stopTimeout?: number }) => stopTimeout ?? []);
    expect(timeouts.length).toBeGreaterThan(0);
    expect(Math.max(...timeouts)).toBe(Number(ecs));
  });

  it.each([
    ["network.md", 2],
    ["lambda.md", 0],
    ["fleet.md", 0],
  ])("%s has the price of NAT with its public address", (page, digits) => {
    const hourly = (price: Price) => price.quotes["ap-northeast-1"]?.[0] ?? Number.NaN;
    const month = (hourly(PRICES.nat) + hourly(PRICES.address)) * 730;
    const row = (setting: string) =>
      read(page)
        .split("\n")
        .find((line) => line.includes(setting) && line.includes("$"));
    expect(row("single")).toContain(`$${month.toFixed(digits)}`);
    expect(row("per-zone")).toContain(`$${(2 * month).toFixed(digits)}`);
  });

  it.each(["tutorials/lambda.md", "tutorials/lambda.ja.md"])("%s compares Redis with memcached as they are", (page) => {
    const [, table = ""] = read(page).split(/^## Redis .*memcached.*$/m);
    const stack = stacks.get("session-lambda") as Synthesized;
    const { access_string } = stack.at("aws_elasticache_user", "photo");
    expect(access_string).toMatch(/~photo:\* .*\+get .*\+set\b/);
    expect(table).toContain("`GET`");
    expect(table).toContain("`photo:*`");
    const { parameter } = stack.the("aws_elasticache_parameter_group");
    expect(parameter).toContainEqual({ name: "maxmemory-policy", value: /`(\w+-lru)`/.exec(table)?.[1] });
    expect(table).toContain(`| \`${buildCheckKey("redis")}\` | \`${buildCheckKey("memcached")}\` |`);
    const { ttlSeconds } = readPhotoCacheEnvironment({ REDIS_URL: "redis://127.0.0.1" });
    expect(table).toMatch(new RegExp(`\\b${ttlSeconds}\\b`));
    const group = stack.the("aws_elasticache_replication_group");
    expect(group).toMatchObject({ at_rest_encryption_enabled: "true", transit_encryption_enabled: true });
  });
});
