import type { ITerraformDependable } from "cdktf";
import { type Ec2Fleet, LoadBalancerAlarms, type TargetGroup } from "../modules";
import type { Foundation } from "./foundation";

/**
 * Outputs and alarms of an app behind a load balancer.
 *
 * @param targetGroups - by the names that their alarms have.
 * @param registrars - resources that register targets: before them, a group has none.
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
  stack.output("url", "Where the app answers", url);
  stack.output("load_balancer_dns", "What the DNS record of domainName points at", loadBalancer.dnsName);
}
