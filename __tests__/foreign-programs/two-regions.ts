import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, Aspects, type IAspect, LocalBackend, TerraformResource, TerraformStack } from "cdktf";
import type { IConstruct } from "constructs";
import { EcsTopology, Nat, Network, RedisCluster, SessionApp, SessionStack } from "../../modules";
import { BUNDLE } from "./bundle";

const visitors = { http: true, allowedCidrs: ["203.0.113.0/24"] };

/** One stack, the same app in Tokyo and, by a provider with an alias, in Osaka. */
export function twoRegions(app: App): void {
  const stack = new SessionStack(app, "regions", { region: "ap-northeast-1" });
  const osaka = new AwsProvider(stack, "osaka", { region: "ap-northeast-3", alias: "osaka" });
  for (const [name, given] of Object.entries({ tokyo: {}, osaka: { provider: osaka } })) {
    const network = new Network(stack, `${name}-network`, { ...given, nat: Nat.SINGLE });
    const redis = new RedisCluster(stack, `${name}-redis`, { ...given, network });
    const shop = new SessionApp(stack, `${name}-app`, { ...given, redis, bundle: BUNDLE });
    new EcsTopology(stack, `${name}-web`, { ...given, network, app: shop, ...visitors });
  }
}

/** Gives each resource a provider, as programs do that know providers by their alias alone. */
export class UseProvider implements IAspect {
  constructor(readonly provider: AwsProvider) {}

  visit(node: IConstruct): void {
    if (TerraformResource.isTerraformResource(node)) node.provider = this.provider;
  }
}

/** Each provider has an alias, and an Aspect gives it to the resources. */
export function aliasByAspect(app: App): void {
  const stack = new TerraformStack(app, "aspect");
  new LocalBackend(stack, { path: "../../../terraform.aspect.tfstate" });
  const paris = new AwsProvider(stack, "paris", { region: "eu-west-3", alias: "paris" });
  const network = new Network(stack, "network");
  const redis = new RedisCluster(stack, "redis", { network });
  new SessionApp(stack, "app", { redis, bundle: BUNDLE });
  Aspects.of(stack).add(new UseProvider(paris));
}
