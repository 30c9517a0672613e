// A worker counts as in service only after it has reported that it is ready. Without a report in 5 minutes, Auto Scaling replaces it.
import { App } from "cdktf";
import {
  AwsService,
  InstanceRole,
  Instances,
  LaunchHook,
  MachineImages,
  Network,
  SecurityGroup,
  SessionStack,
} from "cdktf-session-store";

const app = new App();
const stack = new SessionStack(app, "shop", { region: "ap-northeast-1" });
const network = new Network(stack, "network");
const role = new InstanceRole(stack, "workers-role");
const securityGroup = new SecurityGroup(stack, "workers-group", { network, description: "Workers" });
const name = "shop-workers";
const launchHook = new LaunchHook(stack, "launch-hook", { autoScalingGroupName: name, role, timeoutSeconds: 300 });

const subnets = network.privateSubnets;
const toAutoScaling = network.reachAws({ securityGroup }, subnets, [AwsService.AUTO_SCALING]);
new Instances(stack, "workers", {
  name,
  launchHook,
  subnets,
  publicAddresses: false,
  securityGroup,
  role,
  image: MachineImages.AMAZON_LINUX_2023,
  instanceType: "t4g.small",
  rootVolumeGib: 8,
  detailedMonitoring: false,
  userData: `#!/bin/bash
aws autoscaling complete-lifecycle-action --region ap-northeast-1 --auto-scaling-group-name ${name} \\
  --lifecycle-hook-name ${launchHook.hookName} --lifecycle-action-result CONTINUE \\
  --instance-id "$(cat /var/lib/cloud/data/instance-id)"
`,
  dependables: [...role.dependables, ...launchHook.dependables, ...toAutoScaling],
  minInstances: 2,
  maxInstances: 2,
});
app.synth();
