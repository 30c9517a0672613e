// Alarms and graphs of a serverless cache: data and load against their limits, throttled commands, evictions and connections.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import { Monitoring, Network, RedisServerlessAlarms, RedisServerlessCache, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const redis = new RedisServerlessCache(stack, "redis", {
  network: new Network(stack, "network"),
  dataStorageGb: { max: 5 },
  ecpuPerSecond: { max: 20_000 },
});
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
new RedisServerlessAlarms(stack, "redis-alarms", { redis, monitoring });
app.synth();
