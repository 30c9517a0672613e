import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toTrustPolicy } from "../iam/policy";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { type ProviderProps, useProvider } from "../stack/provider";
import { findEc2Principal, findPartition } from "../stack/region";

/** The role of instances. It allows Session Manager in place of SSH; grants add the app's permissions. */
export class InstanceRole extends Construct {
  /** The role, for grants of the app's permissions. */
  readonly role: IamRole;
  /** Name of the role's instance profile. */
  readonly profileName: string;
  /** The role's policies, which an instance must depend on. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ProviderProps = {}) {
    super(scope, id);
    useProvider(this, props);
    const tags = { Name: buildName(this, NameLimits.TAG) };

    this.role = new IamRole(this, "role", {
      namePrefix: buildNamePrefix(this, NameLimits.IAM_PREFIX),
      description: "Permissions of the web app's instance",
      // No condition on aws:SourceAccount: EC2 does not send it when an instance assumes its role.
      assumeRolePolicy: toTrustPolicy({ Service: findEc2Principal(this) }),
      tags,
    });
    this.profileName = new IamInstanceProfile(this, "profile", {
      namePrefix: buildNamePrefix(this, NameLimits.IAM_PREFIX),
      role: this.role.name,
      tags,
    }).name;
    this.dependables = [
      new IamRolePolicyAttachment(this, "session-manager", {
        role: this.role.name,
        policyArn: `arn:${findPartition(this).name}:iam::aws:policy/AmazonSSMManagedInstanceCore`,
      }),
    ];
  }
}
