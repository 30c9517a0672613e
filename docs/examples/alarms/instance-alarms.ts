// An alarm on the status checks of a single instance.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import {
  Ec2Topology,
  InstanceAlarms,
  Monitoring,
  Network,
  RedisCluster,
  SessionApp,
  SessionStack,
} from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const sessions = new SessionApp(stack, "app", { redis: new RedisCluster(stack, "redis", { network }) });
const web = new Ec2Topology(stack, "web", { network, app: sessions, allowedCidrs: ["203.0.113.0/24"] });
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
new InstanceAlarms(stack, "instance-alarms", { instance: web, monitoring });
app.synth();
