// The session app on one instance. A session ends after 20 minutes without a request, and after 8 hours at the latest.
import { App } from "cdktf";
import { Ec2Topology, Network, RedisCluster, SessionApp, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });
const sessions = new SessionApp(stack, "app", {
  redis,
  sessions: { idleSeconds: 1200, maxAgeSeconds: 28_800, parallelSessions: 5 },
});
new Ec2Topology(stack, "web", { network, app: sessions, allowedCidrs: ["203.0.113.0/24"] });
app.synth();
