// Alarms on errors, throttles and duration of a function, and on the errors of the API in front of it.
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { App } from "cdktf";
import {
  FunctionAlarms,
  LambdaTopology,
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
const web = new LambdaTopology(stack, "web", { network, app: sessions });
const topic = new SnsTopic(stack, "pages", { name: "pages" });
const monitoring = new Monitoring(stack, "monitoring", { region: "ap-northeast-1", topic });
new FunctionAlarms(stack, "function-alarms", { function: web.function, apiId: web.api.apiId, monitoring });
app.synth();
