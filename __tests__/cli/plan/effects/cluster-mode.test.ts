import { type Planned, risks } from "../planned";

type Values = Readonly<Record<string, unknown>>;

const address = "aws_elasticache_replication_group.cache";
const GROUP: Values = {
  id: "shop",
  engine: "redis",
  engine_version: "7.1",
  node_type: "cache.r7g.large",
  num_cache_clusters: 2,
  num_node_groups: 1,
  replicas_per_node_group: 1,
  automatic_failover_enabled: true,
  primary_endpoint_address: "master.shop.example.com",
  configuration_endpoint_address: "clustercfg.shop.example.com",
};
const group = (was: string, is: string, more: Values = {}): Planned => ({
  address,
  before: { ...GROUP, cluster_mode: was },
  after: { ...GROUP, cluster_mode: is, ...more },
});

describe("cluster mode in place loses no session, and", () => {
  it.each([
    ["disabled", "compatible", [], ["answers clients with and without the cluster protocol, and can be taken back"]],
    [
      "compatible",
      "enabled",
      ["answers the cluster protocol alone: clients without it are refused"],
      ["cannot be taken back from mode enabled; it keeps its sessions"],
    ],
    ["compatible", "disabled", ["answers without the cluster protocol alone: clients that use it are refused"], []],
  ])("from %s to %s says what comes of it", (was, is, interruptions, notes) => {
    const planned = group(was, is);
    expect(risks("sessions", planned)).toEqual([]);
    expect(risks("unjudged", planned)).toEqual([]);
    expect(risks("interruptions", planned)).toEqual(interruptions.map((what) => `${address} ${what}`));
    expect(risks("notes", planned)).toEqual(notes.map((what) => `${address} ${what}`));
  });
});

describe("a change that AWS refuses", () => {
  it.each<[what: string, planned: Planned, says: string]>([
    [
      "a skipped step",
      group("disabled", "enabled"),
      "from mode disabled to enabled: AWS refuses that, and the apply stops: compatible comes first",
    ],
    [
      "a step back",
      group("enabled", "disabled"),
      "from mode enabled to disabled: AWS refuses that, and the apply stops: cluster mode is not taken back",
    ],
    [
      "a step with shards",
      group("compatible", "enabled", { num_node_groups: 3 }),
      "together with num_node_groups: AWS refuses that",
    ],
    [
      "a step with an engine",
      group("disabled", "compatible", { engine: "valkey", engine_version: "8.0" }),
      "together with engine, engine_version: AWS",
    ],
    [
      "a step with snapshots",
      group("disabled", "compatible", { snapshot_retention_limit: 7 }),
      "together with snapshot_retention_limit",
    ],
    [
      "a replica in mode compatible",
      group("compatible", "compatible", { num_cache_clusters: 3 }),
      "changes num_cache_clusters in mode compatible",
    ],
    [
      "a node type in mode compatible",
      group("compatible", "compatible", { node_type: "cache.r7g.xlarge" }),
      "changes node_type in mode compatible",
    ],
  ])("is named: %s", (_, planned, says) => {
    expect(risks("interruptions", planned)).toContainEqual(expect.stringContaining(says));
  });

  it("is no change of nodes outside of mode compatible", () => {
    const planned = group("enabled", "enabled", { num_node_groups: 3 });
    expect(risks("interruptions", planned)).toEqual([
      `${address} moves slots to its new shards online: commands are slower`,
    ]);
    expect(risks("sessions", planned)).toEqual([]);
  });
});

describe("an app that changes to the cluster protocol", () => {
  const app = (endpoint: string): Planned => {
    const definitions = (environment: Values) => ({
      container_definitions: JSON.stringify([
        { name: "app", environment: Object.entries(environment).map(([name, value]) => ({ name, value })) },
      ]),
    });
    return {
      address: "aws_ecs_task_definition.app",
      before: definitions({ REDIS_URL: "rediss://master.shop.example.com:6379" }),
      after: definitions({ REDIS_CLUSTER_ENDPOINT: endpoint, REDIS_CLUSTER_MODE: "enabled", REDIS_TLS: "true" }),
      replacedFor: ["container_definitions"],
    };
  };
  const cache: Planned = { address, before: GROUP, after: GROUP };

  it("finds its sessions at the other endpoint of the same cache", () => {
    const planned = app("clustercfg.shop.example.com:6379");
    expect(risks("sessions", cache, planned)).toEqual([]);
    expect(risks("interruptions", cache, planned)).toEqual([expect.stringContaining("connects to a cache otherwise")]);
  });

  it("finds none of them in another cache", () => {
    const [says] = risks("sessions", cache, app("clustercfg.other.example.com:6379"));
    expect(says).toContain("looks for sessions elsewhere");
  });
});
