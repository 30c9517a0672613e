import { TerraformOutput, type TerraformStack } from "cdktf";
import { accessString } from "../../../environment";
import { Network } from "../../../modules/network";
import { RedisCluster, type RedisClusterProps, RedisEngine } from "../../../modules/redis";
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
      const { endpoint, connection, members, cacheId } = addRedis(stack, { shards: 2 });
      expect(connection).toEqual({
        REDIS_CLUSTER_ENDPOINT: `${endpoint.host}:6379`,
        REDIS_TLS: "true",
        REDIS_CLUSTER_MODE: "enabled",
        REDIS_AUTH: "iam",
        REDIS_USER: "session-test-redis-app",
        REDIS_CACHE_ID: cacheId,
      });
      expect(members).toEqual([
        "session-test-redis-shards-0001-001",
        "session-test-redis-shards-0001-002",
        "session-test-redis-shards-0002-001",
        "session-test-redis-shards-0002-002",
      ]);
    });
  });

  test("is another cache than the one without it, by the id that makes Terraform replace it", () => {
    const [without, within] = [redis({}), redis({ shards: 3 })];
    expect(without.the("aws_elasticache_replication_group").replication_group_id).toBe("session-test-redis");
    expect(within.the("aws_elasticache_replication_group").replication_group_id).toBe("session-test-redis-shards");
    expect(Object.keys(within.resources())).toEqual(Object.keys(without.resources()));
  });
});

describe("RedisCluster in cluster mode refuses", () => {
  test.each<{ what: string; props: Props; message: RegExp }>([
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
