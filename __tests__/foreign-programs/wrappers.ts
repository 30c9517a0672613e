import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, LocalBackend, TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { Ec2Topology, Network, RedisCluster, SessionApp } from "../../modules";
import { BUNDLE } from "./bundle";

/** A platform team hands out provider and network in a construct of its own. */
class Platform extends Construct {
  readonly network: Network;

  constructor(scope: Construct, id: string, region: string) {
    super(scope, id);
    new AwsProvider(this, "aws", { region, defaultTags: [{ tags: { Owner: "platform" } }] });
    this.network = new Network(this, "network");
  }
}

/** A product on it, in a construct of its own. */
class Product extends Construct {
  constructor(scope: Construct, id: string, { network }: Platform) {
    super(scope, id);
    const redis = new RedisCluster(this, "redis", { network });
    const app = new SessionApp(this, "app", { redis, bundle: BUNDLE });
    new Ec2Topology(this, "web", { network, app, allowedCidrs: ["203.0.113.0/24"] });
  }
}

/** Constructs in constructs, and the provider in one of them. */
export function wrappers(app: App): void {
  const stack = new TerraformStack(app, "wrapped");
  new LocalBackend(stack, { path: "../../../terraform.wrapped.tfstate" });
  new Product(stack, "shop", new Platform(stack, "platform", "eu-central-1"));
}
