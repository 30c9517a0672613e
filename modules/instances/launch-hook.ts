import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { allow, toPolicy } from "../iam/policy";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findPartition, findRegion } from "../stack/region";
import { checkProps, checkWholeNumber, NUMBER, objectWith, type PropTypes, required, TEXT } from "../validation";
import type { InstanceRole } from "./instance-role";

/** Properties of a {@link LaunchHook}. */
export interface LaunchHookProps extends ProviderProps {
  /** Name of the group whose instances report. */
  readonly autoScalingGroupName: string;
  /** Role of the instances. */
  readonly role: InstanceRole;
  /**
   * The longest wait for an instance's report in seconds, 30 to 7200. After it, Auto Scaling terminates the instance.
   * @default 600
   */
  readonly timeoutSeconds?: number;
}

/** Types of the props of {@link LaunchHookProps}. */
export const LAUNCH_HOOK_PROPS: PropTypes<LaunchHookProps> = {
  ...PROVIDER_PROPS,
  autoScalingGroupName: required(TEXT),
  role: required(objectWith("an InstanceRole", "create an InstanceRole", "role", "profileName")),
  timeoutSeconds: NUMBER,
};

/**
 * A lifecycle hook that waits for a new instance's report that it is ready. Until then, the group does not count the instance, the load
 * balancer sends it no requests, and a refresh does not continue. An instance that reports a failure, or nothing, is terminated.
 *
 * @throws when the time is out of range.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
 */
export class LaunchHook extends Construct {
  /** Name of the hook, for an instance's report. */
  readonly hookName = "ready";
  /** Name of the group whose instances report. */
  readonly autoScalingGroupName: string;
  /** The longest wait for an instance's report, in seconds. */
  readonly timeoutSeconds: number;
  /** Resources that instances must depend on, so that they can report. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LaunchHookProps) {
    super(scope, id);
    checkProps(this, props, LAUNCH_HOOK_PROPS);
    useProvider(this, props);
    const { role } = props.role;
    this.autoScalingGroupName = props.autoScalingGroupName;
    this.timeoutSeconds = props.timeoutSeconds ?? 600;
    checkWholeNumber(this, "timeoutSeconds", this.timeoutSeconds, {
      min: 30,
      max: 7200,
      fix: "leave it out for 600",
      atSynth: true,
    });
    // The account comes from the role's ARN, without a data source. The local keeps the policy readable as JSON.
    const account = new TerraformLocal(this, "account", Fn.element(Fn.split(":", role.arn), 4));
    const groups = `arn:${findPartition(this).name}:autoscaling:${findRegion(this)}:${account.asString}:autoScalingGroup`;
    this.dependables = [
      new IamRolePolicy(this, "report", {
        name: "report-launch",
        role: role.name,
        // AWS chooses the id in the middle of the ARN, so it is known only after the group's creation.
        policy: toPolicy(
          allow("autoscaling:CompleteLifecycleAction", `${groups}:*:autoScalingGroupName/${this.autoScalingGroupName}`),
        ),
      }),
    ];
  }
}
