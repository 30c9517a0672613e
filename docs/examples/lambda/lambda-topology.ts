// The session app as a Lambda function behind an HTTP API with its own domain.
import { App } from "cdktf";
import { LambdaTopology, Network, RedisCluster, SessionApp, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });
const sessions = new SessionApp(stack, "app", { redis });
const web = new LambdaTopology(stack, "web", {
  network,
  app: sessions,
  domain: {
    name: "shop.example.com",
    certificateArn: "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012",
  },
  requestsPerSecond: 100,
});
stack.output("url", "Address of the app", web.url);
app.synth();
