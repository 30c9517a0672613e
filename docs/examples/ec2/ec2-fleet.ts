// Two to six instances in two zones, behind a load balancer with https. The fleet grows at 60 % CPU.
import { App } from "cdktf";
import { Ec2Fleet, Nat, Network, RedisCluster, SessionApp, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", { nat: Nat.SINGLE });
const redis = new RedisCluster(stack, "redis", { network, replicas: 1 });
const sessions = new SessionApp(stack, "app", { redis });
const web = new Ec2Fleet(stack, "web", {
  network,
  app: sessions,
  domainName: "shop.example.com",
  certificateArn: "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
  allowedCidrs: ["0.0.0.0/0"],
  minInstances: 2,
  maxInstances: 6,
  scaling: { cpuPercent: 60 },
});
stack.output("load_balancer", "Target of the DNS record for shop.example.com", web.loadBalancer.dnsName);
app.synth();
