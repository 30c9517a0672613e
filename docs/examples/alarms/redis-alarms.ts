// Alarms and graphs of a cache: CPU, memory, evictions, connections and the lag of replicas, with thresholds of its node type.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import { Monitoring, Network, RedisAlarms, RedisCluster, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const redis = new RedisCluster(stack, "redis", { network: new Network(stack, "network"), replicas: 1 });
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
new RedisAlarms(stack, "redis-alarms", { redis, monitoring });
app.synth();
