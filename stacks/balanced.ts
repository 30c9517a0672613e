import type { ITerraformDependable } from "cdktf";
import { type Ec2Fleet, LoadBalancerAlarms, type TargetGroup } from "../modules";
import type { Foundation } from "./foundation";

/** Where a load balancer writes access logs, if the settings name a bucket. */
export function toAccessLogs(bucketName: string | undefined) {
  return bucketName === undefined ? {} : { accessLogs: { bucketName } };
}

/**
 * Adds outputs and alarms for an app behind a load balancer.
 *
 * @param targetGroups - target groups, keyed by the names of their alarms.
 * @param registrars - resources that register targets: before them, a group has no targets.
 * @returns names of the alarms that tell a bad version; none without monitoring.
 */
export function addBalanced(
  { stack, monitoring }: Foundation,
  { url, loadBalancer }: Pick<Ec2Fleet, "url" | "loadBalancer">,
  targetGroups: Readonly<Record<string, TargetGroup>>,
  registrars: readonly ITerraformDependable[],
): readonly string[] {
  stack.output("url", "Address of the app", url);
  stack.output("load_balancer_dns", "Target of the DNS record of domainName", loadBalancer.dnsName);
  if (monitoring === undefined) return [];
  const watched = { loadBalancer, targetGroups, dependables: registrars };
  return new LoadBalancerAlarms(stack, "web-alarms", { ...watched, monitoring }).deploymentAlarmNames;
}
