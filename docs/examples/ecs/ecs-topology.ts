// Two services on Fargate behind one load balancer with https. The path of a request selects the service.
import { App } from "cdktf";
import { EcsTopology, LaunchType, Nat, Network, RedisCluster, SessionApp, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", { nat: Nat.SINGLE });
const redis = new RedisCluster(stack, "redis", { network, replicas: 1 });
const sessions = new SessionApp(stack, "app", { redis });
const web = new EcsTopology(stack, "web", {
  network,
  app: sessions,
  launchType: LaunchType.FARGATE,
  certificateArn: "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
  allowedCidrs: ["0.0.0.0/0"],
  services: [
    { key: "1", paths: ["/1", "/1/*"] },
    { key: "2", paths: ["/2", "/2/*"], minTasks: 2, maxTasks: 4 },
  ],
});
stack.output("url", "Address of the app", web.url);
app.synth();
