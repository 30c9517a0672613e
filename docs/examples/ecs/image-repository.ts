// A private repository, and tasks that run an image out of it. Push the image before you deploy the service.
import { App } from "cdktf";
import { EcsTopology, ImageRepository, Network, RedisCluster, SessionApp, SessionStack } from "cdktf-session-store";

const app = new App();
const platform = new SessionStack(app, "platform", { region: "ap-northeast-1" });
const images = new ImageRepository(platform, "images", { keptImages: 20 });
platform.output("repository", "Push images to this repository", images.url);

const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });
const sessions = new SessionApp(stack, "app", { redis });
const web = new EcsTopology(stack, "web", {
  network,
  app: sessions,
  image: images.image("1.0.0"),
  http: true,
  allowedCidrs: ["203.0.113.0/24"],
});
stack.output("url", "Address of the app", web.url);
app.synth();
