import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { Fn, type ITerraformDependable, TerraformLocal } from "cdktf";
import { Construct } from "constructs";
import { allow, toPolicy } from "../iam/policy";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import { checkProps, checkWholeNumber, NUMBER, objectWith, type PropTypes, required, TEXT } from "../validation";
import type { InstanceRole } from "./instance-role";

/** Properties of a {@link LaunchHook}. */
export interface LaunchHookProps extends ProviderProps {
  /** Name of the group whose instances report. */
  readonly autoScalingGroupName: string;
  /** Their role. */
  readonly role: InstanceRole;
  /**
   * An instance that has not reported after this long is terminated, in seconds, 30 to 7200.
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
 * Holds a new instance back until it reports that it is ready: only then does the group count it, the load balancer ask
 * it, and a refresh go on to the next. One that reports a failure, or nothing, is terminated.
 *
 * @throws when the time is out of range.
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks.html
 */
export class LaunchHook extends Construct {
  /** Name of the hook, which an instance's report has to give. */
  readonly hookName = "ready";
  /** Name of the group whose instances report. */
  readonly autoScalingGroupName: string;
  /** How long an instance has for its report, in seconds. */
  readonly timeoutSeconds: number;
  /** Resources that instances wait for, so that they may report. */
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
    // The role knows the account, so that no data source is needed to; by way of a local the policy stays JSON.
    const account = new TerraformLocal(this, "account", Fn.element(Fn.split(":", role.arn), 4));
    const groups = `arn:aws:autoscaling:${findRegion(this)}:${account.asString}:autoScalingGroup`;
    this.dependables = [
      new IamRolePolicy(this, "report", {
        name: "report-launch",
        role: role.name,
        // The id in the middle is AWS's choice, and known only once the group exists.
        policy: toPolicy(
          allow("autoscaling:CompleteLifecycleAction", `${groups}:*:autoScalingGroupName/${this.autoScalingGroupName}`),
        ),
      }),
    ];
  }
}
