// A primary and a replica in two zones, with a snapshot each night. Compute of yours may connect.
import { App } from "cdktf";
import { Network, RedisCluster, RedisEngine, SecurityGroup, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", { availabilityZones: ["a", "c"] });
const redis = new RedisCluster(stack, "redis", {
  network,
  engine: RedisEngine.REDIS_7_1,
  nodeType: "cache.t4g.small",
  replicas: 1,
  snapshotRetentionDays: 7,
});

const compute = SecurityGroup.fromExisting(stack, "compute-group", { securityGroupId: "sg-0fedcba9876543210" });
redis.allowFrom({ securityGroup: compute });
stack.output("redis_endpoint", "Primary endpoint of the cache", redis.endpoint.host);
app.synth();
