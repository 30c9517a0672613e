import { readState, type StateOwner } from "../workplace/state";

/** What takes its time after Terraform has ended, by what is in the state. */
const STILL_AT_WORK: readonly (readonly [type: string, says: string])[] = [
  ["aws_instance", "the instance sets itself up: it answers in some minutes"],
  ["aws_autoscaling_group", "instances set themselves up, then the load balancer counts them: minutes"],
  ["aws_ecs_service", "tasks start, then the load balancer counts them: a minute or two"],
];
/** Outputs that want something done elsewhere. */
const DNS: readonly string[] = ["load_balancer_dns", "domain_target"];

/** The stack's outputs, what is still under way, and how to see that all is well. */
export async function afterDeploy(stack: string, owner: StateOwner): Promise<string> {
  const state = await readState(owner);
  const outputs = Object.entries(state?.outputs ?? {});
  const width = Math.max(0, ...outputs.map(([name]) => name.length));
  const waits = STILL_AT_WORK.filter(([type]) => (state?.all(type).length ?? 0) > 0).map(([, says]) => says);
  const dns = outputs
    .filter(([name]) => DNS.includes(name))
    .map(([name]) => `with a name of your own: its DNS record points at ${name}`);
  const steps = [...waits, ...dns, `npm run doctor -- ${stack}`, "docs/operations.md"];
  const told = outputs.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`);
  return `\n${stack} is deployed\n${told.join("")}next\n${steps.map((step) => `  ${step}\n`).join("")}`;
}

/** What a destroy leaves. */
export async function afterDestroy(stack: string): Promise<string> {
  return `\n${stack} is destroyed; Secrets Manager deletes its secret key after seven days, and deploying again works at once\n`;
}
