import { aws, type Json } from "../machine/aws-cli";
import type { Plan } from "../plan/plan";
import { inOneLine } from "../terraform/ways-out";

const RUNBOOK = "docs/operations.md#a-task-does-not-start";
/** Terraform's message about a deployment that ECS rolled back, and about a first one that did not become steady in time. */
const FAILED = /ECS went back to the tasks before|waiting for ECS Service .*(?:create|update): timeout/;

/**
 * Asks ECS why the tasks of a plan's services did not come up; undefined if Terraform failed for another reason. The reason is that of the
 * tasks that stopped last, which ECS shows for an hour, else the service's newest event.
 *
 * @param stderr - the errors of Terraform
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export async function explainServices(stderr: string, plan: Plan, region: string): Promise<string | undefined> {
  if (!FAILED.test(inOneLine(stderr))) return undefined;
  const services = plan.of("aws_ecs_service").filter(({ action }) => action !== "none" && action !== "delete");
  const reasons = await Promise.all(
    services.map(async ({ after }) => {
      const [cluster, name] = [String(after?.cluster), String(after?.name)];
      const why = await askReason(region, cluster, name).catch((error: Error) => error.message);
      return why === undefined ? [] : [`${name}: ${why}`];
    }),
  );
  return [...reasons.flat(), RUNBOOK].join("; ");
}

/** @returns undefined for a service whose tasks all run the version that was asked for. */
async function askReason(region: string, cluster: string, name: string): Promise<string | undefined> {
  const stopped = ["--service-name", name, "--desired-status", "STOPPED", "--max-items", "10"];
  const { taskArns = [] } = await aws(region, "ecs", "list-tasks", "--cluster", cluster, ...stopped);
  const reasons = taskArns.length === 0 ? [] : await listReasons(region, cluster, taskArns);
  if (reasons.length > 0) return reasons.join("; ");
  const { services = [] } = await aws(region, "ecs", "describe-services", "--cluster", cluster, "--services", name);
  return services[0]?.events?.[0]?.message;
}

/** Reasons of tasks that failed, each once. A task that scaling or a deployment stopped did not fail. */
async function listReasons(region: string, cluster: string, arns: readonly string[]): Promise<string[]> {
  const { tasks = [] } = await aws(region, "ecs", "describe-tasks", "--cluster", cluster, "--tasks", ...arns);
  const reasons = (tasks as Json[]).map(describeTask).filter((reason) => !reason.startsWith("Scaling activity"));
  return [...new Set(reasons)];
}

function describeTask({ stoppedReason = "", containers = [] }: Json): string {
  const exits = (containers as Json[])
    .filter(({ exitCode = 0, reason }) => exitCode !== 0 || reason !== undefined)
    .map(({ name, exitCode, reason }) => [name, exitCode !== undefined && `exit code ${exitCode}`, reason]);
  return [stoppedReason, ...exits.map((parts) => parts.filter(Boolean).join(" "))].filter(Boolean).join(": ");
}
