// An internal load balancer with https for your own tasks. Your network reaches it, and the internet does not.
import { App } from "cdktf";
import { LoadBalancer, Network, SessionStack, TargetGroup, TargetType } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const tasks = new TargetGroup(stack, "tasks", {
  network,
  targetType: TargetType.IP,
  port: 8080,
  healthCheckPath: "/healthz",
});
const loadBalancer = new LoadBalancer(stack, "balancer", {
  network,
  defaultTarget: tasks,
  internal: true,
  certificateArn: "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
  allowedCidrs: [network.cidr],
});
stack.output("dns_name", "Target of a DNS record", loadBalancer.dnsName);
app.synth();
