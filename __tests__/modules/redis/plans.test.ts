import { Monitoring, RedisAlarms } from "../../../modules/alarms";
import { Network } from "../../../modules/network";
import { RedisCluster, type RedisClusterProps, RedisEngine } from "../../../modules/redis";
import { synthesize } from "../../synthesized";

type Props = Partial<RedisClusterProps>;
type Resources = Record<string, unknown>;

/** All resources by address. */
function resources(props: Props): Resources {
  const stack = synthesize((stack) => {
    const network = new Network(stack, "network", { availabilityZones: ["a", "c"] });
    const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1" });
    const redis = new RedisCluster(stack, "redis", { network, ...props });
    new RedisAlarms(stack, "redis-alarms", { redis, monitoring });
  });
  const all = Object.entries(stack.resources());
  return Object.fromEntries(
    all.flatMap(([type, blocks]) => Object.entries(blocks).map(([name, block]) => [`${type}.${name}`, block])),
  );
}

/** The resources Terraform would find changed, new and gone, and the arguments of each change. */
function difference(before: Resources, after: Resources) {
  const changed = Object.keys(before).filter(
    (address) => address in after && JSON.stringify(before[address]) !== JSON.stringify(after[address]),
  );
  const readArguments = (address: string) => {
    const [was, is] = [before[address] as Resources, after[address] as Resources];
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name])).sort();
  };
  return {
    changed: Object.fromEntries(
      changed.map((address) => [address.replace(/_[0-9A-F]{8}$/, ""), readArguments(address)]),
    ),
    added: Object.keys(after).filter((address) => !(address in before)),
    gone: Object.keys(before).filter((address) => !(address in after)),
  };
}

const GROUP = "aws_elasticache_replication_group.redis_replication-group";
/** The resources that change with each set of alarms, and their arguments. */
const FOLLOWING = {
  "aws_cloudwatch_dashboard.monitoring_dashboard": ["dashboard_body"],
  "aws_cloudwatch_composite_alarm.monitoring_site_alarm": ["alarm_name", "alarm_rule"],
};

describe("a plan after", () => {
  test.each<{ what: string; before: Props; after: Props; argument: string; nodes: string[] }>([
    {
      what: "a replica more",
      before: { replicas: 1 },
      after: { replicas: 2 },
      argument: "num_cache_clusters",
      nodes: ["003"],
    },
    {
      what: "a replica more in each shard",
      before: { shards: 2, replicas: 1 },
      after: { shards: 2, replicas: 2 },
      argument: "replicas_per_node_group",
      nodes: ["0001-003", "0002-003"],
    },
    {
      what: "a shard more",
      before: { shards: 3, replicas: 1 },
      after: { shards: 4, replicas: 1 },
      argument: "num_node_groups",
      nodes: ["0004-001", "0004-002"],
    },
  ])(
    "$what changes that argument of the group and adds the new nodes' alarms",
    ({ before, after, argument, nodes }) => {
      const plan = difference(resources(before), resources(after));
      const { [GROUP]: group, ...others } = plan.changed;
      expect(group).toEqual([argument]);
      expect(others).toMatchObject(FOLLOWING);
      // With shards, alarms refer to the nodes by their place among all.
      const alarms = Object.entries(others).filter(([address]) => !(address in FOLLOWING));
      if (before.shards === undefined) expect(alarms).toEqual([]);
      for (const [address, names] of alarms) {
        expect(address).toMatch(/^aws_cloudwatch_metric_alarm\.redis-alarms_/);
        expect(["dimensions", "metric_query"]).toContain(names.find((name) => name !== "alarm_description"));
      }
      expect(plan.gone).toEqual([]);
      expect(plan.added).toHaveLength(nodes.length * 8);
      for (const address of plan.added) {
        expect(address).toMatch(new RegExp(`^aws_cloudwatch_metric_alarm\\.redis-alarms_(${nodes.join("|")})-[a-z]`));
      }
      const back = difference(resources(after), resources(before));
      expect([back.gone, back.added]).toEqual([plan.added, []]);
    },
  );

  test("a larger node of as many vCPUs changes the group's node type and what its size decides", () => {
    const plan = difference(resources({ shards: 3 }), resources({ shards: 3, nodeType: "cache.m7g.large" }));
    const { [GROUP]: group, ...others } = plan.changed;
    expect(group).toEqual(["node_type"]);
    expect(plan.added).toEqual([]);
    // The type before has CPU credits, and this one has none.
    expect(plan.gone).toHaveLength(6);
    for (const address of plan.gone) expect(address).toMatch(/^aws_cloudwatch_metric_alarm\..*-cpu-credits_alarm/);
    expect(others).toMatchObject(FOLLOWING);
    const alarms = Object.entries(others).filter(([address]) => !(address in FOLLOWING));
    expect(alarms).toHaveLength(12);
    for (const [address, names] of alarms) {
      expect(address).toMatch(/^aws_cloudwatch_metric_alarm\..*-(?:memory|connections)_alarm$/);
      // The description of the connections says how many the node type takes.
      expect(names).toEqual(address.includes("-connections_") ? ["alarm_description", "threshold"] : ["threshold"]);
    }
  });

  test("a node of four vCPUs takes the small nodes' alarms away, and no other address", () => {
    const plan = difference(resources({}), resources({ nodeType: "cache.r7g.xlarge" }));
    expect(plan.changed[GROUP]).toEqual(["node_type"]);
    expect(plan.added).toEqual([]);
    expect(plan.gone).toHaveLength(4);
    for (const address of plan.gone) {
      expect(address).toMatch(/^aws_cloudwatch_metric_alarm\..*-(?:host-cpu|cpu-credits)_alarm/);
    }
  });

  test.each<{ what: string; after: Props; names: string[] }>([
    { what: "the engine's log", after: { engineLogRetentionDays: 7 }, names: ["log_delivery_configuration"] },
    {
      what: "a notification topic",
      after: { notificationTopic: { arn: "arn:aws:sns:ap-northeast-1:123456789012:sessions" } },
      names: ["notification_topic_arn"],
    },
    { what: "a longer kept snapshot", after: { snapshotRetentionDays: 7 }, names: ["snapshot_retention_limit"] },
    {
      what: "Valkey",
      after: { engine: RedisEngine.VALKEY_8_0 },
      names: ["auto_minor_version_upgrade", "engine", "engine_version"],
    },
  ])("$what changes that of the group, in place", ({ after, names }) => {
    const plan = difference(resources({}), resources(after));
    expect(plan.changed[GROUP]).toEqual(names);
    expect(plan.gone).toEqual([]);
  });
});
