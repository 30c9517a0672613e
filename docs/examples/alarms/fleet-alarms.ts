// An alarm on instances that are missing from a fleet.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import {
  Ec2Fleet,
  FleetAlarms,
  Monitoring,
  Nat,
  Network,
  RedisCluster,
  SessionApp,
  SessionStack,
} from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", { nat: Nat.SINGLE });
const sessions = new SessionApp(stack, "app", { redis: new RedisCluster(stack, "redis", { network }) });
const fleet = new Ec2Fleet(stack, "web", { network, app: sessions, http: true, allowedCidrs: ["203.0.113.0/24"] });
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
new FleetAlarms(stack, "fleet-alarms", { fleet, monitoring });
app.synth();
