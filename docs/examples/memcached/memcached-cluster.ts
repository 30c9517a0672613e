// Three nodes with TLS in two zones. An existing security group may connect to them.
import { App } from "cdktf";
import { MemcachedCluster, Network, SecurityGroup, SessionStack } from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network", { availabilityZones: ["a", "c"] });
const memcached = new MemcachedCluster(stack, "memcached", {
  network,
  nodeType: "cache.t4g.small",
  nodes: 3,
  maintenanceWindow: "sun:18:00-sun:19:00",
});

const compute = SecurityGroup.fromExisting(stack, "compute-group", { securityGroupId: "sg-0fedcba9876543210" });
memcached.allowFrom({ securityGroup: compute });
stack.output("memcached_endpoint", "Configuration endpoint", memcached.endpoint.host);
app.synth();
