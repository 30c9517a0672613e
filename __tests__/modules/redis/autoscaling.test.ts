import { Network } from "../../../modules/network";
import { RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { synthesize } from "../../synthesized";

type Props = Partial<RedisClusterProps>;

const large: Props = { shards: 3, nodeType: "cache.m7g.large" };
const redis = (props: Props) =>
  synthesize((stack) => {
    new RedisCluster(stack, "redis", { network: new Network(stack, "network"), ...props });
  });

describe("RedisCluster with scaling creates valid Terraform", () => {
  test("shards follow the primaries' CPU, replicas the replicas'", () => {
    const scaling = { shards: { min: 3, max: 9 }, replicas: { min: 1, max: 3 }, targetCpuPercent: 50 };
    const stack = redis({ ...large, scaling });
    expect(stack.at("aws_appautoscaling_target", "shards")).toMatchObject({
      service_namespace: "elasticache",
      resource_id: expect.stringMatching(/^replication-group\/\$\{aws_elasticache_replication_group\.\S+\}$/),
      scalable_dimension: "elasticache:replication-group:NodeGroups",
      min_capacity: 3,
      max_capacity: 9,
    });
    expect(stack.at("aws_appautoscaling_target", "replicas")).toMatchObject({
      scalable_dimension: "elasticache:replication-group:Replicas",
      min_capacity: 1,
      max_capacity: 3,
    });
    expect(stack.at("aws_appautoscaling_policy", "shards-by-cpu")).toMatchObject({
      name: "session-test-redis-scaling-shards",
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: { predefined_metric_type: "ElastiCachePrimaryEngineCPUUtilization" },
        target_value: 50,
      },
    });
  });

  test.each<{ what: string; props: Props; ignored: string[] }>([
    { what: "nothing without it", props: {}, ignored: [] },
    { what: "shards", props: { scaling: { shards: { min: 1, max: 9 } } }, ignored: ["num_node_groups"] },
    { what: "replicas", props: { scaling: { replicas: { min: 1, max: 5 } } }, ignored: ["replicas_per_node_group"] },
  ])("Terraform leaves alone what ElastiCache scales: $what", ({ props, ignored }) => {
    const { lifecycle } = redis({ ...large, ...props }).the("aws_elasticache_replication_group");
    const always = ["transit_encryption_mode", "snapshot_name", "replication_group_id"];
    expect(lifecycle.ignore_changes).toEqual([...always, ...ignored]);
  });
});

describe("RedisCluster refuses scaling", () => {
  const scaling = { shards: { min: 1, max: 9 } };
  test.each<{ what: string; props: Props; message: RegExp }>([
    {
      what: "without cluster mode",
      props: { scaling, nodeType: "cache.m7g.large" },
      message: /scaling: got a cache that is not in cluster mode, .*Fix: give shards/,
    },
    {
      what: "of a burstable node",
      props: { ...large, scaling, nodeType: "cache.t4g.micro" },
      message: /scaling: got node type cache\.t4g\.micro, .*Fix: take "cache\.m7g\.large"/,
    },
    {
      what: "of a node too large",
      props: { ...large, scaling, nodeType: "cache.r7g.4xlarge" },
      message: /cache\.r7g\.4xlarge/,
    },
    {
      what: "that starts out of its bounds",
      props: { ...large, scaling: { shards: { min: 4, max: 9 } } },
      message: /scaling.shards: got 4 to 9, at first 3, .*Fix: change scaling\.shards or shards/,
    },
    {
      what: "to six replicas",
      props: { ...large, scaling: { replicas: { min: 1, max: 6 } } },
      message: /scaling.replicas: got 1 to 6/,
    },
    {
      what: "to a busy CPU",
      props: { ...large, scaling: { ...scaling, targetCpuPercent: 90 } },
      message: /scaling.targetCpuPercent: got 90/,
    },
  ])("$what", ({ props, message }) => {
    expect(() => redis(props)).toThrow(message);
  });
});
