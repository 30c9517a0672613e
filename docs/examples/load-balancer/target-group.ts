// Two groups of targets: requests for `/api` go to the second one, which has long requests and starts slowly.
import { App } from "cdktf";
import { LoadBalancer, Network, SessionStack, TargetGroup, TargetType } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const tasks = { network, targetType: TargetType.IP, port: 8080, healthCheckPath: "/healthz" };
const pages = new TargetGroup(stack, "pages", tasks);
const api = new TargetGroup(stack, "api", {
  ...tasks,
  longestRequestSeconds: 60,
  deregistrationDelaySeconds: 90,
  slowStartSeconds: 60,
  healthCheck: { intervalSeconds: 10, unhealthyThreshold: 3 },
});
new LoadBalancer(stack, "balancer", {
  network,
  defaultTarget: pages,
  pathRules: [{ key: "api", paths: ["/api", "/api/*"], target: api }],
  certificateArn: "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
  allowedCidrs: ["0.0.0.0/0"],
});
app.synth();
