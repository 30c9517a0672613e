import { type Ec2Fleet, LoadBalancerAlarms, type TargetGroup } from "../modules";
import type { Foundation } from "./foundation";

/** What is said and watched of an app behind a load balancer; its target groups are named as their alarms shall be. */
export function addBalanced(
  { stack, monitoring }: Foundation,
  { url, loadBalancer }: Pick<Ec2Fleet, "url" | "loadBalancer">,
  targetGroups: Readonly<Record<string, TargetGroup>>,
): void {
  if (monitoring !== undefined) {
    new LoadBalancerAlarms(stack, "web-alarms", { loadBalancer, targetGroups, monitoring });
  }
  stack.output("url", "Where the app answers", url);
  stack.output("load_balancer_dns", "What the DNS record of domainName points at", loadBalancer.dnsName);
}
