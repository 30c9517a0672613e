// The session app on one instance in a public subnet. The office alone reaches it, and there is no SSH.
import { App } from "cdktf";
import { Ec2Topology, Network, RedisCluster, SessionApp, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });
const sessions = new SessionApp(stack, "app", { redis });
const web = new Ec2Topology(stack, "web", {
  network,
  app: sessions,
  allowedCidrs: ["203.0.113.0/24"],
  instanceType: "t4g.small",
});
stack.output("url", "Address of the app", web.url);
app.synth();
