import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, LocalBackend, TerraformStack, TerraformVariable } from "cdktf";
import {
  Ec2Fleet,
  Ec2Topology,
  EcsTopology,
  LambdaTopology,
  LaunchType,
  Network,
  PhotoCache,
  RedisAdministrator,
  RedisCluster,
  SessionApp,
  SessionStack,
} from "../../modules";
import { BUNDLE } from "./bundle";

const visitors = { http: true, allowedCidrs: ["203.0.113.0/24"] };

/** Stacks by id: a region of each partition, and one that an account must opt into. */
export const REGIONS = { china: "cn-north-1", govcloud: "us-gov-west-1", "opt-in": "me-central-1" } as const;

/** The stack whose region is a variable. */
export const LATER = "later";

/** The same topologies in regions of all partitions, and in one that is known only at the plan. */
export function partitions(app: App): void {
  for (const [id, region] of Object.entries(REGIONS))
    addTopologies(new SessionStack(app, id, { region }), registry(region));
  const stack = new TerraformStack(app, LATER);
  new LocalBackend(stack, { path: `../../../terraform.${LATER}.tfstate` });
  const region = new TerraformVariable(stack, "region", { type: "string", default: REGIONS.china }).stringValue;
  new AwsProvider(stack, "aws", { region });
  addTopologies(stack, registry(REGIONS.china));
}

function registry(region: string): string {
  return `123456789012.dkr.ecr.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}

/** Without a way to the internet, so that each service has an endpoint. */
function addTopologies(stack: TerraformStack, images: string): void {
  const network = new Network(stack, "network");
  const redis = new RedisCluster(stack, "redis", { network });
  const shop = new SessionApp(stack, "app", { redis, bundle: BUNDLE, functionBundle: BUNDLE });
  const image = { uri: `${images}/shop:1.0.0` };
  new Ec2Topology(stack, "web", { network, app: shop, allowedCidrs: visitors.allowedCidrs });
  new Ec2Fleet(stack, "fleet", { network, app: shop, ...visitors });
  new EcsTopology(stack, "fargate", { network, app: shop, image, ...visitors });
  new EcsTopology(stack, "ecs", { network, app: shop, image, launchType: LaunchType.EC2, ...visitors });
  new LambdaTopology(stack, "function", { network, app: shop, tracing: true });
  const cache = redis.addUser("photo", () => "on ~* -@all +@read");
  new PhotoCache(stack, "photos", { network, cache, bundle: BUNDLE });
  new RedisAdministrator(stack, "administrator", { redis });
}
