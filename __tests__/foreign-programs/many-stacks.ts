import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import type { App } from "cdktf";
import {
  ArtifactBucket,
  ArtifactFile,
  Ec2Fleet,
  Ec2Topology,
  EcsTopology,
  FunctionAlarms,
  ImageRepository,
  LambdaTopology,
  LaunchType,
  LoadBalancerAlarms,
  MemcachedAlarms,
  MemcachedCluster,
  Monitoring,
  Nat,
  Network,
  openPort,
  PhotoCache,
  Port,
  RedisAdministrator,
  RedisAlarms,
  RedisCluster,
  SecurityGroup,
  ServiceAlarms,
  SessionApp,
  SessionStack,
} from "../../modules";
import { BUNDLE } from "./bundle";

const region = "ap-northeast-1";
const visitors = { http: true, allowedCidrs: ["203.0.113.0/24"] };

/** Each team has a stack: every construct that takes another one takes it from another stack. */
export function manyStacks(app: App): void {
  const platform = new SessionStack(app, "platform", { region });
  const network = new Network(platform, "network", { nat: Nat.SINGLE });
  const topic = new SnsTopic(platform, "topic", { name: "alarms" });
  const monitoring = new Monitoring(platform, "monitoring", { region, topic });

  const data = new SessionStack(app, "data", { region });
  const redis = new RedisCluster(data, "redis", { network, notificationTopic: topic });
  const memcached = new MemcachedCluster(data, "memcached", { network });
  const artifacts = new ArtifactBucket(data, "artifacts");
  const images = new ImageRepository(data, "images");

  const shop = new SessionStack(app, "shop", { region });
  const sessionApp = new SessionApp(shop, "app", { redis, artifacts, bundle: BUNDLE, functionBundle: BUNDLE });
  new ArtifactFile(shop, "file", { bucket: artifacts, path: BUNDLE });

  const ec2 = new SessionStack(app, "ec2", { region });
  new Ec2Topology(ec2, "web", { network, app: sessionApp, allowedCidrs: visitors.allowedCidrs });

  const fleet = new SessionStack(app, "fleet", { region });
  const onInstances = new Ec2Fleet(fleet, "web", { network, app: sessionApp, ...visitors });

  const fargate = new SessionStack(app, "fargate", { region });
  const onFargate = new EcsTopology(fargate, "web", {
    network,
    app: sessionApp,
    image: images.image("1.0.0"),
    ...visitors,
  });

  const containers = new SessionStack(app, "containers", { region });
  new EcsTopology(containers, "web", { network, app: sessionApp, launchType: LaunchType.EC2, ...visitors });

  const functions = new SessionStack(app, "functions", { region });
  const onLambda = new LambdaTopology(functions, "web", { network, app: sessionApp });
  const photos = new PhotoCache(functions, "photos", { network, cache: memcached, bundle: BUNDLE });

  // In a stack of their own, and, for the functions, in the stack of what they watch.
  const watch = new SessionStack(app, "watch", { region });
  new RedisAlarms(watch, "redis", { redis, monitoring });
  new MemcachedAlarms(watch, "memcached", { memcached, monitoring });
  const { loadBalancer, targetGroup } = onInstances;
  new LoadBalancerAlarms(watch, "balancer", { loadBalancer, targetGroups: { web: targetGroup }, monitoring });
  const { clusterName, services } = onFargate;
  new ServiceAlarms(watch, "services", { clusterName, services, monitoring });
  new FunctionAlarms(functions, "web-alarms", { function: onLambda.function, apiId: onLambda.api.apiId, monitoring });
  new FunctionAlarms(watch, "photos", { function: photos.function, monitoring });

  const tools = new SessionStack(app, "tools", { region });
  new RedisAdministrator(tools, "administrator", { redis });
  const securityGroup = new SecurityGroup(tools, "bastion", { network, description: "Bastion" });
  openPort({ securityGroup }, redis, Port.tcp(redis.endpoint.port), "Administrators");
}
