import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { type Ec2Fleet, LoadBalancerAlarms, type Peer, SecurityGroup, type TargetGroup } from "../modules";
import type { Settings } from "../settings";
import type { Foundation } from "./foundation";

type LoadBalancerSettings = NonNullable<Settings["ecs"] | Settings["ec2"]["fleet"]>;

/** The props of a load balancer for settings of another form. Security groups become constructs of the stack, under their names. */
export function toLoadBalancerProps(
  { stack }: Foundation,
  { accessLogsBucket, allowedSecurityGroups }: Pick<LoadBalancerSettings, "accessLogsBucket" | "allowedSecurityGroups">,
) {
  const visitors = new Construct(stack, "visitors");
  const allowedPeers: Peer[] = Object.entries(allowedSecurityGroups).map(([name, securityGroupId]) => ({
    securityGroup: SecurityGroup.fromExisting(visitors, name, { securityGroupId }),
  }));
  return { allowedPeers, ...(accessLogsBucket !== undefined && { accessLogs: { bucketName: accessLogsBucket } }) };
}

/**
 * Adds outputs and alarms for an app behind a load balancer.
 *
 * @param targetGroups - target groups, keyed by the names of their alarms.
 * @param registrars - resources that register targets: before them, a group has no targets.
 */
export function addBalanced(
  { stack, monitoring }: Foundation,
  { url, loadBalancer }: Pick<Ec2Fleet, "url" | "loadBalancer">,
  targetGroups: Readonly<Record<string, TargetGroup>>,
  registrars: readonly ITerraformDependable[],
): void {
  if (monitoring !== undefined) {
    new LoadBalancerAlarms(stack, "web-alarms", { loadBalancer, targetGroups, dependables: registrars, monitoring });
  }
  stack.output("url", "Address of the app", url);
  stack.output("load_balancer_dns", "Target of the DNS record of domainName", loadBalancer.dnsName);
}
