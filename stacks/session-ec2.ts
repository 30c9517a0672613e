import type { App } from "cdktf";
import { Ec2Fleet, Ec2Topology, type Ec2TopologyProps, FleetAlarms, InstanceAlarms, Nat } from "../modules";
import type { Settings } from "../settings";
import { addBalanced, toAccessLogs } from "./balanced";
import { addFoundation, addRedisOutput, type Foundation } from "./foundation";
import { blameSettings, omitUndefined, toSsh } from "./props";
import { addPeers } from "./visitors";

/** Adds the stack of source document A: the app on one instance, or on a fleet behind a load balancer. */
export function addEc2Stack(app: App, id: string, settings: Settings): void {
  const foundation = addFoundation(app, id, settings, Nat.NONE);
  const { stack, redis } = foundation;
  const { ssh, fleet, allowedSecurityGroups, ...ec2 } = settings.ec2;
  const props = { ...omitUndefined(ec2), allowedPeers: addPeers(stack, allowedSecurityGroups) };
  if (fleet === null) addInstance(foundation, props, ssh);
  else addFleet(foundation, props, fleet);
  addRedisOutput(stack, redis);
}

type Ec2Settings = Settings["ec2"];
/** The props that one instance and a fleet share. */
type Ec2Props = Omit<Ec2TopologyProps, "network" | "app" | "zone" | "ssh">;

function addInstance(foundation: Foundation, ec2: Ec2Props, ssh: Ec2Settings["ssh"]): void {
  const { stack, network, sessionApp, monitoring } = foundation;
  const props = { network, app: sessionApp, ...ec2, ...toSsh(ssh) };
  const names = { base: "ec2", renamed: { allowedPeers: "ec2.allowedSecurityGroups" } };
  const web = blameSettings("ec2", () => new Ec2Topology(stack, "web", props), names);
  if (monitoring !== undefined) new InstanceAlarms(stack, "instance-alarms", { instance: web, monitoring });
  stack.output("url", "Address of the app", web.url);
}

function addFleet(foundation: Foundation, ec2: Ec2Props, fleet: NonNullable<Ec2Settings["fleet"]>): void {
  const { stack, network, sessionApp, monitoring } = foundation;
  const { cpuPercent, requestsPerMinute, accessLogsBucket, ...behind } = omitUndefined(fleet);
  const props = {
    network,
    app: sessionApp,
    ...ec2,
    ...behind,
    scaling: omitUndefined({ cpuPercent, requestsPerMinute }),
    ...toAccessLogs(accessLogsBucket),
  };
  const web = blameSettings("ec2.fleet, ec2", () => new Ec2Fleet(stack, "web", props), {
    base: "ec2.fleet",
    renamed: {
      accessLogs: "ec2.fleet.accessLogsBucket",
      allowedPeers: "ec2.allowedSecurityGroups",
      allowedPrefixLists: "ec2.allowedPrefixLists",
      allowedCidrs: "ec2.allowedCidrs",
      instanceType: "ec2.instanceType",
      cpuCredits: "ec2.cpuCredits",
      logs: "ec2.logs",
      logRetentionDays: "ec2.logRetentionDays",
    },
  });
  addBalanced(foundation, web, { app: web.targetGroup }, web.dependables);
  if (monitoring !== undefined) new FleetAlarms(stack, "fleet-alarms", { fleet: web, monitoring });
}
