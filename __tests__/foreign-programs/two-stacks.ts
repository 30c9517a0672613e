import type { App } from "cdktf";
import { Ec2Topology, Network, RedisCluster, SessionApp, SessionStack } from "../../modules";
import { BUNDLE } from "./bundle";

const region = "ap-northeast-1";

/** Network and cache in one stack, the topology in another, which is deployed more often. */
export function twoStacks(app: App, stateFolder = "."): void {
  const base = new SessionStack(app, "base", { region, stateFolder });
  const network = new Network(base, "network");
  const redis = new RedisCluster(base, "redis", { network });

  const web = new SessionStack(app, "web", { region, stateFolder });
  const sessionApp = new SessionApp(web, "app", { redis, bundle: BUNDLE });
  const topology = new Ec2Topology(web, "web", { network, app: sessionApp, allowedCidrs: ["203.0.113.0/24"] });
  web.output("url", "Where the app answers", topology.url);
}
