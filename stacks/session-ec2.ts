import type { App } from "cdktf";
import { Ec2Fleet, Ec2Topology, FleetAlarms, InstanceAlarms, Nat } from "../modules";
import type { Settings } from "../settings";
import { addBalanced, toLoadBalancerProps } from "./balanced";
import { addFoundation, addRedisOutput, type Foundation } from "./foundation";
import { blameSettings, omitUndefined } from "./props";

/** Adds the stack of source document A: the app on one instance, or on a fleet behind a load balancer. */
export function addEc2Stack(app: App, id: string, settings: Settings): void {
  const foundation = addFoundation(app, id, settings, Nat.NONE);
  const { stack, redis } = foundation;
  const { ssh, fleet, ...ec2 } = settings.ec2;
  if (fleet === null) addInstance(foundation, ec2, ssh);
  else addFleet(foundation, ec2, fleet);
  addRedisOutput(stack, redis);
}

type Ec2Settings = Settings["ec2"];
/** The settings that one instance and a fleet share. */
type Ec2Machine = Omit<Ec2Settings, "ssh" | "fleet">;

function addInstance(foundation: Foundation, ec2: Ec2Machine, ssh: Ec2Settings["ssh"]): void {
  const { stack, network, sessionApp, monitoring } = foundation;
  const access = ssh && { ssh: { keyName: ssh.keyName, cidrs: ssh.allowedCidrs } };
  const { allowedCidrs = [], ...machine } = omitUndefined(ec2);
  const props = { network, app: sessionApp, allowedCidrs, ...machine, ...access };
  const web = blameSettings("ec2", () => new Ec2Topology(stack, "web", props), { base: "ec2" });
  if (monitoring !== undefined) new InstanceAlarms(stack, "instance-alarms", { instance: web, monitoring });
  stack.output("url", "Address of the app", web.url);
}

function addFleet(foundation: Foundation, ec2: Ec2Machine, fleet: NonNullable<Ec2Settings["fleet"]>): void {
  const { stack, network, sessionApp, monitoring } = foundation;
  const { cpuPercent, requestsPerMinute, accessLogsBucket, allowedSecurityGroups, ...behind } = omitUndefined(fleet);
  const props = {
    network,
    app: sessionApp,
    ...omitUndefined(ec2),
    ...behind,
    scaling: omitUndefined({ cpuPercent, requestsPerMinute }),
    ...toLoadBalancerProps(foundation, { accessLogsBucket, allowedSecurityGroups }),
  };
  const web = blameSettings("ec2.fleet, ec2", () => new Ec2Fleet(stack, "web", props), {
    base: "ec2.fleet",
    renamed: {
      accessLogs: "ec2.fleet.accessLogsBucket",
      allowedPeers: "ec2.fleet.allowedSecurityGroups",
      allowedCidrs: "ec2.allowedCidrs",
      instanceType: "ec2.instanceType",
      cpuCredits: "ec2.cpuCredits",
    },
  });
  addBalanced(foundation, web, { app: web.targetGroup }, web.dependables);
  if (monitoring !== undefined) new FleetAlarms(stack, "fleet-alarms", { fleet: web, monitoring });
}
