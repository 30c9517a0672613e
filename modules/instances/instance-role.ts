import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { toTrustPolicy } from "../iam/policy";
import { buildName, buildNamePrefix, NameLimits } from "../naming";
import { type ProviderProps, useProvider } from "../stack/provider";

/** The role of instances, with Session Manager in place of SSH and nothing else until it is granted. */
export class InstanceRole extends Construct {
  /** The role, to be granted what the app needs. */
  readonly role: IamRole;
  /** Name of the instance profile that hands the role to an instance. */
  readonly profileName: string;
  /** The role's policies, which an instance waits for. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: ProviderProps = {}) {
    super(scope, id);
    useProvider(this, props);
    const tags = { Name: buildName(this, NameLimits.TAG) };

    this.role = new IamRole(this, "role", {
      namePrefix: buildNamePrefix(this, NameLimits.IAM_PREFIX),
      description: "What the web app's instance may do",
      // No aws:SourceAccount here: EC2 sends none when an instance takes on its role.
      assumeRolePolicy: toTrustPolicy({ Service: "ec2.amazonaws.com" }),
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
        policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
      }),
    ];
  }
}
