import type { Change } from "../plan/change";
import type { Plan } from "../plan/plan";

/** Resource types that need more time after Terraform has ended, each with a line for the user. */
const STILL_AT_WORK: readonly (readonly [type: string, says: string])[] = [
  ["aws_instance", "the instance sets itself up: it answers in some minutes"],
  ["aws_autoscaling_group", "instances set themselves up, then the load balancer counts them: minutes"],
];
/** Resource types whose address is the target of a custom domain's DNS record, each with the output that has the address. */
const DNS: readonly (readonly [type: string, output: string])[] = [
  ["aws_lb", "load_balancer_dns"],
  ["aws_apigatewayv2_domain_name", "domain_target"],
];

/** The text after a deploy: steps that are still in progress, and the commands that check the stack. */
export function afterDeploy(stack: string, { changes }: Plan): string {
  const has = (type: string) => changes.some((change) => change.type === type && change.action !== "delete");
  const waits = STILL_AT_WORK.filter(([type]) => has(type)).map(([, says]) => says);
  if (changes.some(isBegun)) waits.push("tasks start, then the load balancer counts them: a minute or two");
  const dns = DNS.filter(([type]) => has(type)).map(
    ([, output]) => `with a name of your own: its DNS record points at ${output}`,
  );
  const steps = [...waits, ...dns, `npm run doctor -- ${stack}`, "docs/operations.md"];
  return `\n${stack} is deployed\nnext\n${steps.map((step) => `  ${step}\n`).join("")}`;
}

/** Whether Terraform has only begun the deployment of an ECS service, and not waited for it. */
function isBegun({ type, action, after }: Change): boolean {
  const isDeployed = type === "aws_ecs_service" && action !== "none" && action !== "delete";
  return isDeployed && after?.wait_for_steady_state !== true;
}

/** The text after a destroy: the resources that remain for a while. */
export function afterDestroy(stack: string): string {
  return `\n${stack} is destroyed; Secrets Manager deletes its secret key after seven days, and deploying again works at once\n`;
}
