import { SecurityGroup as SecurityGroupResource } from "@cdktf/provider-aws/lib/security-group";
import { Construct } from "constructs";
import { NameLimits, nameOf } from "../naming";
import { refused } from "../refused";
import { checkDescription } from "./description";

/** A VPC as far as a security group needs to know it. */
export interface Vpc {
  /** Id of the VPC. */
  readonly vpcId: string;
}

export interface SecurityGroupProps {
  /** The VPC the group belongs to. */
  readonly network: Vpc;

  /**
   * What the group is for. A constant: AWS cannot change it, so another text means another group.
   * At most 255 characters, of those AWS takes in a description.
   */
  readonly description: string;
}

/**
 * A security group without a rule of its own: nothing comes in and nothing goes out until `openPort`, `allowFromCidr` or
 * `allowToCidr` says so. Rules are resources of their own, never inline ones, because the two kinds undo each other
 * (hashicorp/terraform-provider-aws#32379).
 *
 * @throws when the description is one AWS does not take, or the name begins with `sg-`.
 */
export class SecurityGroup extends Construct {
  /** Id of the group, `sg-...`. */
  readonly id: string;

  constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    checkDescription(this, props.description);

    this.id = new SecurityGroupResource(this, "group", {
      namePrefix: this.#namePrefix(),
      description: props.description,
      vpcId: props.network.vpcId,
      tags: { Name: nameOf(this, NameLimits.TAG) },
      // A group in use cannot be deleted: the new one must stand before the old one goes.
      lifecycle: { createBeforeDestroy: true },
    }).id;
  }

  #namePrefix(): string {
    const prefix = nameOf(this, NameLimits.SECURITY_GROUP_PREFIX, "");
    if (!/^sg-/i.test(prefix)) return prefix;
    throw refused(this, {
      what: "security group name prefix",
      got: JSON.stringify(prefix),
      allowed: "a name that does not begin with sg-, which AWS keeps for group ids",
      fix: `change the setting "name"`,
    });
  }
}
