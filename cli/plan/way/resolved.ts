import { isUnknown } from "../effects/effect";
import type { Plan } from "../plan";

/** Arguments by which resources of a way name each other. */
const REFERENCES = [
  "action",
  "api_id",
  "auto_scaling_group_provider",
  "autoscaling_group_name",
  "capacity_provider_strategy",
  "default_action",
  "function_name",
  "gateway_id",
  "iam_instance_profile",
  "integration_uri",
  "launch_template",
  "lb_target_group_arn",
  "listener_arn",
  "load_balancer",
  "load_balancer_arn",
  "network_configuration",
  "network_interfaces",
  "policy_arn",
  "referenced_security_group_id",
  "role",
  "route_table_id",
  "security_group_id",
  "security_group_ids",
  "security_groups",
  "source_security_group_id",
  "subnet_id",
  "target",
  "target_group_arn",
  "target_group_arns",
  "target_id",
  "task_definition",
  "task_role_arn",
  "user_group_id",
  "user_group_ids",
  "user_id",
  "user_ids",
  "vpc_config",
  "vpc_security_group_ids",
];

/**
 * Whether each reference that is known only after apply leads to a resource of the plan. One that leads to a variable, or
 * to a module's output, may lead to any resource: a way that seems cut may go by it.
 */
export function isResolved(plan: Plan): boolean {
  return plan.changes
    .filter(({ leftover, after }) => !leftover && after !== undefined)
    .every((change) =>
      REFERENCES.filter((argument) => isUnknown(change.unknown[argument])).every((argument) => {
        const references = plan.refersTo(change, argument);
        return references.length === 0 || references.some((address) => plan.at(address) !== undefined);
      }),
    );
}
