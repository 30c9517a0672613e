import { TerraformOutput, type TerraformStack } from "cdktf";
import { accessString } from "../../../environment";
import { Network } from "../../../modules/network";
import { ClusterMode, RedisCluster, type RedisClusterProps, RedisEngine } from "../../../modules/redis";
import { type Block, synthesize } from "../../synthesized";

type Props = Partial<RedisClusterProps>;

const addRedis = (stack: TerraformStack, props: Props) =>
  new RedisCluster(stack, "redis", { network: new Network(stack, "network"), ...props });
const redis = (props: Props) => synthesize((stack) => addRedis(stack, props));

describe("RedisCluster in cluster mode creates valid Terraform", () => {
  test.each<{ what: string; props: Props; expected: Block }>([
    {
      what: "three shards of two nodes",
      props: { shards: 3 },
      expected: { num_node_groups: 3, replicas_per_node_group: 1, multi_az_enabled: true },
    },
    {
      what: "one shard, to grow later",
      props: { shards: 1, replicas: 2 },
      expected: { num_node_groups: 1, replicas_per_node_group: 2, multi_az_enabled: true },
    },
    {
      what: "shards without replicas: failover stays on, since ElastiCache insists",
      props: { shards: 2, replicas: 0 },
      expected: { num_node_groups: 2, replicas_per_node_group: 0, multi_az_enabled: false },
    },
  ])("$what", ({ props, expected }) => {
    const group = redis(props).the("aws_elasticache_replication_group");
    expect(group).toMatchObject({ ...expected, automatic_failover_enabled: true, cluster_mode: "enabled" });
    expect(group).not.toHaveProperty("num_cache_clusters");
  });

  test.each([
    { engine: RedisEngine.REDIS_7_1, name: "session-test-redis-redis7-cluster" },
    { engine: RedisEngine.VALKEY_8_0, name: "session-test-redis-valkey8-cluster" },
  ])("its own parameter group $name turns it on", ({ engine, name }) => {
    expect(redis({ engine, shards: 3 }).the("aws_elasticache_parameter_group")).toMatchObject({
      name,
      parameter: [
        { name: "cluster-enabled", value: "yes" },
        { name: "maxmemory-policy", value: "volatile-lru" },
      ],
    });
  });

  test("the user may ask who has which slots, too", () => {
    const { access_string } = redis({ shards: 3 }).at("aws_elasticache_user", "users_app");
    expect(access_string).toBe(accessString("session:", "cluster"));
    expect(access_string).toBe(`${accessString("session:")} +client|setname +cluster|info +cluster|slots`);
  });

  test("one endpoint, in each mode", () => {
    const readEndpoint = (props: Props) =>
      synthesize((stack) => {
        const { host, port } = addRedis(stack, props).endpoint;
        new TerraformOutput(stack, "endpoint", { value: `${host}:${port}` });
      }).json.output?.endpoint?.value;
    const group = String.raw`^\$\{aws_elasticache_replication_group\.redis_replication-group_\w+`;
    expect(readEndpoint({})).toMatch(new RegExp(String.raw`${group}\.primary_endpoint_address\}:6379$`));
    expect(readEndpoint({ shards: 2 })).toMatch(
      new RegExp(String.raw`${group}\.configuration_endpoint_address\}:6379$`),
    );
  });

  test("says how to connect in the contract's words", () => {
    synthesize((stack) => {
      const { endpoint, connection, nodeNumbers, cacheId } = addRedis(stack, { shards: 2 });
      expect(connection).toEqual({
        REDIS_CLUSTER_ENDPOINT: `${endpoint.host}:6379`,
        REDIS_TLS: "true",
        REDIS_CLUSTER_MODE: "enabled",
        REDIS_AUTH: "iam",
        REDIS_USER: "session-test-redis-app",
        REDIS_CACHE_ID: cacheId,
      });
      expect(nodeNumbers).toEqual(["0001-001", "0001-002", "0002-001", "0002-002"]);
    });
  });

  test("reads the ids of group and nodes from the cache, which an earlier version may have named", () => {
    const stack = synthesize((scope) => {
      const { cacheId, members } = addRedis(scope, { shards: 1 });
      new TerraformOutput(scope, "ids", { value: [cacheId, ...members].join(" and ") });
    });
    const ids = String(stack.json.output?.ids?.value).replaceAll(/aws_\w+\.[\w-]+/g, "GROUP");
    expect(ids.split(" and ")).toEqual([
      `\${GROUP.replication_group_id}`,
      `\${element(sort(tolist(GROUP.member_clusters)), 0)}`,
      `\${element(sort(tolist(GROUP.member_clusters)), 1)}`,
    ]);
  });
});

describe("RedisCluster on its way to shards", () => {
  const steps = {
    disabled: redis({}),
    compatible: redis({ clusterMode: ClusterMode.COMPATIBLE }),
    clients: redis({ clusterMode: ClusterMode.COMPATIBLE, clusterProtocol: true }),
    enabled: redis({ clusterMode: ClusterMode.ENABLED }),
    shards: redis({ clusterMode: ClusterMode.ENABLED, shards: 3 }),
  };
  const group = (step: keyof typeof steps) => steps[step].the("aws_elasticache_replication_group");

  test("has one address and one id", () => {
    for (const stack of Object.values(steps)) {
      expect(Object.keys(stack.resources())).toEqual(Object.keys(steps.disabled.resources()));
      expect(stack.the("aws_elasticache_replication_group").replication_group_id).toBe("session-test-redis");
    }
  });

  test.each([
    { step: "disabled", mode: "disabled", counts: { num_cache_clusters: 2 } },
    { step: "compatible", mode: "compatible", counts: { num_cache_clusters: 2 } },
    { step: "clients", mode: "compatible", counts: { num_cache_clusters: 2 } },
    { step: "enabled", mode: "enabled", counts: { num_node_groups: 1, replicas_per_node_group: 1 } },
    { step: "shards", mode: "enabled", counts: { num_node_groups: 3, replicas_per_node_group: 1 } },
  ] as const)(
    "is in mode $mode at step $step, with its nodes as the provider counts them there",
    ({ step, mode, counts }) => {
      const { cluster_mode, num_cache_clusters, num_node_groups, replicas_per_node_group } = group(step);
      expect(cluster_mode).toBe(mode);
      expect({ num_cache_clusters, num_node_groups, replicas_per_node_group }).toEqual({
        num_cache_clusters: undefined,
        num_node_groups: undefined,
        replicas_per_node_group: undefined,
        ...counts,
      });
    },
  );

  test("changes its parameter group with the first step, and its users have the commands of both protocols from then on", () => {
    const named = (step: keyof typeof steps) => steps[step].the("aws_elasticache_parameter_group").name;
    expect([named("disabled"), named("compatible"), named("enabled")]).toEqual([
      "session-test-redis-redis7",
      "session-test-redis-redis7-cluster",
      "session-test-redis-redis7-cluster",
    ]);
    const rights = (step: keyof typeof steps) => steps[step].at("aws_elasticache_user", "users_app").access_string;
    expect(rights("compatible")).toBe(accessString("session:", "cluster"));
    expect(rights("enabled")).toBe(rights("compatible"));
  });

  test.each([
    { step: "compatible", condition: "primary_endpoint_address" },
    { step: "clients", condition: "configuration_endpoint_address" },
    { step: "enabled", condition: "cluster_enabled" },
  ] as const)("has the plan look at $condition at step $step", ({ step, condition }) => {
    const { postcondition } = group(step).lifecycle as { postcondition: { condition: string }[] };
    expect(postcondition.map((one) => one.condition)).toEqual([expect.stringContaining(`self.${condition}`)]);
    expect(group("disabled").lifecycle).not.toHaveProperty("postcondition");
  });

  test("keeps the id of a cache with shards that an earlier version named otherwise", () => {
    const ignored = (step: keyof typeof steps) =>
      (group(step).lifecycle as { ignore_changes: string[] }).ignore_changes;
    expect(ignored("enabled")).toContain("replication_group_id");
    expect(ignored("compatible")).not.toContain("replication_group_id");
  });

  test.each<{ props: Props; endpoint: string; variables: readonly string[] }>([
    { props: { clusterMode: "compatible" }, endpoint: "primary", variables: ["REDIS_URL"] },
    {
      props: { clusterMode: "compatible", clusterProtocol: true },
      endpoint: "configuration",
      variables: ["REDIS_CLUSTER_ENDPOINT", "REDIS_CLUSTER_MODE", "REDIS_TLS"],
    },
  ])("gives clients the $endpoint endpoint with $props", ({ props, endpoint, variables }) => {
    const stack = synthesize((scope) => {
      const { connection, readerEndpoint, endpoint: own } = addRedis(scope, props);
      expect(
        Object.keys(connection)
          .filter((name) => !/AUTH|USER|CACHE_ID/.test(name))
          .sort(),
      ).toEqual(variables);
      expect(readerEndpoint === undefined).toBe(props.clusterProtocol === true);
      new TerraformOutput(scope, "endpoint", { value: own.host });
    });
    expect(stack.json.output?.endpoint?.value).toContain(`.${endpoint}_endpoint_address}`);
  });
});

describe("RedisCluster in cluster mode refuses", () => {
  test.each<{ what: string; props: Props; message: RegExp }>([
    {
      what: "a mode that is none",
      props: { clusterMode: "on" as ClusterMode },
      message: /clusterMode: got "?on"?, allowed: .*disabled, compatible, enabled/,
    },
    {
      what: "shards in mode compatible",
      props: { clusterMode: "compatible", shards: 3 },
      message:
        /shards: got 3 with clusterMode compatible, .*Fix: leave shards out until clusterMode enabled is deployed/,
    },
    {
      what: "shards in mode disabled",
      props: { clusterMode: "disabled", shards: 1 },
      message: /shards: got 1 with clusterMode disabled/,
    },
    {
      what: "mode compatible without a replica",
      props: { clusterMode: "compatible", replicas: 0 },
      message: /clusterMode: got compatible with 0 replicas, .*Fix: deploy replicas: 1/,
    },
    {
      what: "mode compatible without failover",
      props: { clusterMode: "compatible", automaticFailover: false },
      message: /clusterMode: got compatible with automaticFailover false/,
    },
    {
      what: "the cluster protocol in mode disabled",
      props: { clusterProtocol: true },
      message: /clusterProtocol: got true with clusterMode disabled, allowed: false/,
    },
    {
      what: "another protocol in mode enabled",
      props: { clusterMode: "enabled", clusterProtocol: false },
      message: /clusterProtocol: got false with clusterMode enabled, allowed: true/,
    },
    {
      what: "scaling in mode compatible",
      props: { clusterMode: "compatible", nodeType: "cache.m7g.large", scaling: { replicas: { min: 1, max: 3 } } },
      message: /scaling: got a cache that is not in cluster mode/,
    },
    {
      what: "failover by hand",
      props: { shards: 3, automaticFailover: false },
      message: /automaticFailover: got false in cluster mode, .*Fix: leave automaticFailover out/,
    },
    { what: "no shard", props: { shards: 0 }, message: /shards: got 0, allowed: a whole number from 1 .*leave it out/ },
    { what: "half a shard", props: { shards: 1.5 }, message: /shards: got 1\.5/ },
    {
      what: "more nodes than a cluster has",
      props: { shards: 84, replicas: 5 },
      message: /shards: got 84 with 5 replicas each, 504 nodes, allowed: at most 500 nodes/,
    },
    {
      what: "multi-AZ without a replica",
      props: { shards: 3, replicas: 0, multiAz: true },
      message: /multiAz: got true/,
    },
    {
      what: "its parameter beside shards",
      props: { shards: 3, parameters: { "cluster-enabled": "no" } },
      message: /parameters: got \{"cluster-enabled":"no"\}.*Fix: leave cluster-enabled out/,
    },
  ])("$what", ({ props, message }) => {
    expect(() => redis(props)).toThrow(message);
  });
});
