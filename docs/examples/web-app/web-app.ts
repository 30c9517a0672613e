// Your own app: one file that Node.js runs. It gets the address of Redis and may connect to it.
import path from "node:path";
import { App, type ITerraformDependable } from "cdktf";
import {
  ArtifactBucket,
  ArtifactFile,
  type Compute,
  Ec2Topology,
  type IRedisCluster,
  Network,
  RedisCluster,
  SessionStack,
  WebApp,
} from "cdktf-session-store";
import type { Construct } from "constructs";

class Shop extends WebApp {
  readonly port = 8080;
  readonly healthCheckPath = "/healthz";
  readonly secrets = {};
  readonly artifact: ArtifactFile;

  constructor(
    scope: Construct,
    id: string,
    readonly redis: IRedisCluster,
  ) {
    super(scope, id);
    const bucket = new ArtifactBucket(this, "artifacts");
    this.artifact = new ArtifactFile(this, "bundle", { bucket, path: path.join(__dirname, "..", "shop.js") });
  }

  override environmentAt(): Record<string, string> {
    return { ...this.redis.connection, PORT: String(this.port) };
  }

  override connect(compute: Compute): ITerraformDependable[] {
    const toRedis = [...this.redis.allowFrom(compute), ...this.redis.grantConnect(compute.role)];
    return [...super.connect(compute), ...toRedis];
  }
}

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const shop = new Shop(stack, "shop", new RedisCluster(stack, "redis", { network }));
new Ec2Topology(stack, "web", { network, app: shop, allowedCidrs: ["203.0.113.0/24"] });
app.synth();
