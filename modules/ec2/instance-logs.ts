import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { allow, type GrantedRole, grant } from "../iam/policy";
import { LogGroup } from "../logs";

/** A log group that instances write to. */
interface InstanceLogs {
  readonly logGroupName: string;
  /** Resources that must exist before an instance writes. */
  readonly dependables: readonly ITerraformDependable[];
}

/**
 * Creates the log group of instances, and allows their role to write to this group alone.
 *
 * @param retentionDays - in days. @default 14
 */
export function createLogs(scope: Construct, role: GrantedRole, retentionDays = 14): InstanceLogs {
  const { name, arn } = new LogGroup(scope, "logs", { folder: "/ec2/", retentionDays });
  // The agent makes no other call for a group that exists and whose retention it does not set.
  const actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
  return { logGroupName: name, dependables: [grant(role, "write-logs", [allow(actions, `${arn}:*`)])] };
}
