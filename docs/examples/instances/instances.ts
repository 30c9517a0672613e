// Two to four workers in private subnets. They may connect to Redis, and nothing connects to them.
import { App } from "cdktf";
import {
  AwsService,
  InstanceRole,
  Instances,
  MachineImages,
  Network,
  RedisCluster,
  SecurityGroup,
  SessionStack,
} from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const redis = new RedisCluster(stack, "redis", { network });

const subnets = network.privateSubnets;
const role = new InstanceRole(stack, "workers-role");
const securityGroup = new SecurityGroup(stack, "workers-group", { network, description: "Workers" });
const toSessionManager = [AwsService.SSM, AwsService.SSM_MESSAGES, AwsService.EC2_MESSAGES];
new Instances(stack, "workers", {
  name: "shop-workers",
  subnets,
  publicAddresses: false,
  securityGroup,
  role,
  image: MachineImages.AMAZON_LINUX_2023,
  instanceType: "t4g.small",
  rootVolumeGib: 8,
  detailedMonitoring: false,
  userData: '#!/bin/bash\necho "a worker"\n',
  dependables: [
    ...role.dependables,
    ...redis.allowFrom({ securityGroup }),
    ...redis.grantConnect(role.role),
    ...network.reachAws({ securityGroup }, subnets, toSessionManager),
  ],
  minInstances: 2,
  maxInstances: 4,
  scaling: { cpuPercent: 60 },
});
app.synth();
