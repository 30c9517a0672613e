// Alarms and graphs of each memcached node.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import { MemcachedAlarms, MemcachedCluster, Monitoring, Network, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const memcached = new MemcachedCluster(stack, "memcached", { network: new Network(stack, "network"), nodes: 2 });
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
new MemcachedAlarms(stack, "memcached-alarms", { memcached, monitoring });
app.synth();
