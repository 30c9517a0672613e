import * as z from "zod";
import { UserError } from "../../environment/user-error";
import type { Configuration } from "../terraform/configuration";

/** Requests of a rule go to its groups by these weights. */
interface WeightedGroup {
  readonly group: string;
  readonly weight: number;
}

interface ListenerRule {
  /** Path patterns; any of them may match. */
  readonly paths: readonly string[];
  readonly priority: number;
  readonly forwardTo: readonly WeightedGroup[];
}

/** A target group of the load balancer, as the stack defines it. */
export interface TargetGroup {
  /** Its Terraform address without the type, as in rules. */
  readonly id: string;
  /** For people: its tag Name. */
  readonly name: string;
  readonly healthCheckPath: string;
  /** Statuses that count as healthy. */
  readonly isHealthy: (status: number) => boolean;
  /** Failed checks in a row that make a target unhealthy. */
  readonly unhealthyThreshold: number;
  /** Deregistration delay: the longest time of current requests after a target leaves. Seconds. */
  readonly deregistrationDelaySeconds: number;
}

/** An ALB's listener in a synthesized stack. */
export interface Listener {
  /** Rules, sorted by priority. */
  readonly rules: readonly ListenerRule[];
  /** Default action. */
  readonly otherwise: readonly WeightedGroup[];
  readonly groups: readonly TargetGroup[];
}

const reference = z
  .string("a reference to a target group")
  .regex(/^\$\{aws_lb_target_group\.[\w-]+\.arn\}$/, "a reference to a target group of the same stack")
  .transform((text) => text.slice("${aws_lb_target_group.".length, -".arn}".length));

const action = z
  .object({
    type: z.string(),
    target_group_arn: reference.optional(),
    forward: z
      .object({ target_group: z.array(z.object({ arn: reference, weight: z.number().default(1) })) })
      .optional(),
  })
  .transform(({ type, target_group_arn, forward }): { type: string; to: WeightedGroup[] } => ({
    type,
    to: target_group_arn
      ? [{ group: target_group_arn, weight: 1 }]
      : (forward?.target_group ?? []).map(({ arn, weight }) => ({ group: arn, weight })),
  }));

const oneAction = z.array(action).length(1, "one action");
const forwards = oneAction.refine(([first]) => first?.type === "forward", "an action of type forward");

const onePath = z.strictObject(
  { path_pattern: z.object({ values: z.array(z.string()).min(1) }) },
  "a condition on path_pattern and nothing else",
);

const loadBalancer = z.object({
  aws_lb_listener: z.record(z.string(), z.object({ default_action: oneAction })),
  aws_lb_listener_rule: z
    .record(
      z.string(),
      z.object({
        listener_arn: z.string(),
        priority: z.number("a priority"),
        action: forwards,
        condition: z.array(onePath).length(1, "one condition"),
      }),
    )
    .default({}),
  aws_lb_target_group: z.record(
    z.string(),
    z.object({
      deregistration_delay: z.coerce.number().default(300),
      health_check: z
        .object({
          path: z.string().default("/"),
          matcher: z
            .string()
            .regex(/^\d{3}(-\d{3})?(,\d{3}(-\d{3})?)*$/, "statuses like 200, 200-299 or 200,202")
            .default("200"),
          unhealthy_threshold: z.number().default(3),
        })
        .prefault({}),
      tags: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

/**
 * The listener of a synthesized stack (`cdk.tf.json`): the one whose default action forwards. A listener that
 * only redirects to https is not used on a laptop.
 *
 * @throws {UserError} when there is none or more than one, or a block has a value that this command does not support.
 */
export function readListener(stack: Configuration): Listener {
  const parsed = loadBalancer.safeParse(stack.byType());
  if (!parsed.success) {
    const lines = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: takes ${message}`);
    throw new UserError(lines.join("\n"));
  }
  const { aws_lb_listener: listeners, aws_lb_listener_rule: rules, aws_lb_target_group: groups } = parsed.data;
  const forwarding = Object.entries(listeners).filter(
    ([, { default_action }]) => default_action[0]?.type === "forward",
  );
  const [found] = forwarding;
  if (found === undefined || forwarding.length > 1) {
    throw new UserError(`aws_lb_listener: got ${forwarding.length} whose default action is forward, takes one of them`);
  }
  const [id, { default_action }] = found;
  const listener: Listener = {
    rules: Object.values(rules)
      .filter(({ listener_arn }) => listener_arn === `\${aws_lb_listener.${id}.arn}`)
      .map(({ priority, action, condition }) => ({
        priority,
        paths: condition[0]?.path_pattern.values ?? [],
        forwardTo: action[0]?.to ?? [],
      }))
      .sort((a, b) => a.priority - b.priority),
    otherwise: default_action[0]?.to ?? [],
    groups: Object.entries(groups).map(([group, { health_check, deregistration_delay, tags }]) => ({
      id: group,
      name: tags.Name ?? group,
      healthCheckPath: health_check.path,
      isHealthy: parseMatcher(health_check.matcher),
      unhealthyThreshold: health_check.unhealthy_threshold,
      deregistrationDelaySeconds: deregistration_delay,
    })),
  };
  assertGroups(listener);
  return listener;
}

function assertGroups({ rules, otherwise, groups }: Listener): void {
  const known = new Set(groups.map(({ id }) => id));
  for (const forwardTo of [otherwise, ...rules.map((rule) => rule.forwardTo)]) {
    const unknown = forwardTo.find(({ group }) => !known.has(group));
    if (unknown !== undefined)
      throw new UserError(`aws_lb_target_group.${unknown.group}: is forwarded to, is not there`);
    if (!forwardTo.some(({ weight }) => weight > 0)) {
      throw new UserError("aws_lb_listener: got a forward without target group, takes one with a weight above 0");
    }
  }
}

/**
 * Chooses the target group of a request.
 *
 * @param target - target of the request line. Its query is ignored.
 * @param chance - from 0 to below 1, to choose among weighted groups.
 */
export function groupFor(listener: Listener, target: string, chance: number = Math.random()): string {
  const path = target.replace(/[?#].*$/s, "");
  const rule = listener.rules.find(({ paths }) => paths.some((pattern) => matchesPath(pattern, path)));
  const groups = rule?.forwardTo ?? listener.otherwise;
  let left = chance * groups.reduce((sum, { weight }) => sum + weight, 0);
  const chosen = groups.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  return (chosen ?? (groups.at(-1) as WeightedGroup)).group;
}

/**
 * Compares a path with a pattern, case sensitive. `*` matches any number of characters, `/` included, `?` exactly one.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html#path-conditions
 */
function matchesPath(pattern: string, path: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s").test(path);
}

/** Parses the statuses of a health check's matcher, as in `200-299` or `200,202`. */
export function parseMatcher(matcher: string): (status: number) => boolean {
  const ranges = matcher.split(",").map((range) => range.split("-").map(Number) as [number, number?]);
  return (status) => ranges.some(([from, to = from]) => status >= from && status <= to);
}
