// Alarms on logins, lost sessions and Redis, by the metrics that the app writes to its log.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import {
  Ec2Topology,
  Monitoring,
  Network,
  RedisCluster,
  SessionAlarms,
  SessionApp,
  SessionStack,
} from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });
const sessions = new SessionApp(stack, "app", { redis, sessionMetrics: true });
new Ec2Topology(stack, "web", { network, app: sessions, allowedCidrs: ["203.0.113.0/24"], logs: true });
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
new SessionAlarms(stack, "session-alarms", { app: sessions, monitoring });
app.synth();
