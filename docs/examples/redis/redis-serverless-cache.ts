// A serverless cache with limits of data and load, and a snapshot each day. Compute of yours may connect.
import { App } from "cdktf";
import { Network, RedisServerlessCache, SecurityGroup, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", { availabilityZones: ["a", "c"] });
const redis = new RedisServerlessCache(stack, "redis", {
  network,
  engine: "valkey",
  dataStorageGb: { max: 5 },
  ecpuPerSecond: { max: 20_000 },
  dailySnapshotTime: "16:00",
  snapshotRetentionDays: 7,
});

const compute = SecurityGroup.fromExisting(stack, "compute-group", { securityGroupId: "sg-0fedcba9876543210" });
redis.allowFrom({ securityGroup: compute });
stack.output("redis_endpoint", "Endpoint of the cache", redis.endpoint.host);
app.synth();
