import { SecurityGroup as SecurityGroupResource } from "@cdktf/provider-aws/lib/security-group";
import { Construct, type IConstruct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkSameRegion } from "../stack/region";
import {
  checkProps,
  checkText,
  checkWholeNumber,
  NUMBER,
  objectWith,
  type PropTypes,
  required,
  TEXT,
} from "../validation";
import { checkDescription } from "./description";

/** The part of a VPC that a security group needs. */
export interface Vpc {
  /** Id of the VPC. */
  readonly vpcId: string;
}

/** A security group, new or existing. Rules can be added to it. */
export interface ISecurityGroup extends IConstruct {
  /** Id of the group, `sg-...`. */
  readonly id: string;
}

/** Properties of a {@link SecurityGroup}. */
export interface SecurityGroupProps extends ProviderProps {
  /** The VPC of the group. */
  readonly network: Vpc;

  /**
   * Purpose of the group, in at most 255 of the characters that AWS allows in a description. AWS cannot change it, so a new text
   * replaces the group.
   */
  readonly description: string;

  /**
   * The longest wait for the deletion of the group, in minutes. A function's network interfaces use the group for 20 to 45 minutes
   * after the deletion of the function.
   * @default - the provider's 15 minutes
   */
  readonly deleteTimeoutMinutes?: number;
}

/** Types of the props of {@link SecurityGroupProps}. */
export const SECURITY_GROUP_PROPS: PropTypes<SecurityGroupProps> = {
  ...PROVIDER_PROPS,
  network: required(objectWith("a VPC", "give a Network, or an object with vpcId", "vpcId")),
  description: required(TEXT),
  deleteTimeoutMinutes: NUMBER,
};

/** Properties of an existing group. */
export interface ExistingSecurityGroup {
  /** Id of the group, as in `sg-0123456789abcdef0`. */
  readonly securityGroupId: string;
}

const GROUP_ID = /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/;

/**
 * A security group without rules. No traffic goes in or out until `openPort`, `allowFromCidr` or `allowToCidr` adds a rule. Rules are
 * separate resources, never inline ones, because the two kinds undo each other (hashicorp/terraform-provider-aws#32379).
 *
 * @throws when AWS does not accept the description, or the name begins with `sg-`.
 */
export class SecurityGroup extends Construct implements ISecurityGroup {
  /**
   * An existing group. Rules are added to it as separate resources. If another Terraform configuration has the group's rules inline,
   * its next apply removes the added rules (hashicorp/terraform-provider-aws#32379).
   *
   * @throws when the id is not the id of a security group.
   */
  static fromExisting(scope: Construct, id: string, { securityGroupId }: ExistingSecurityGroup): ISecurityGroup {
    return new Existing(scope, id, securityGroupId);
  }

  readonly id: string;

  constructor(scope: Construct, id: string, props: SecurityGroupProps) {
    super(scope, id);
    checkProps(this, props, SECURITY_GROUP_PROPS);
    useProvider(this, props);
    checkDescription(this, props.description);
    checkWholeNumber(this, "deleteTimeoutMinutes", props.deleteTimeoutMinutes, {
      min: 1,
      fix: "leave it out for 15",
      atSynth: true,
    });
    if (Construct.isConstruct(props.network)) checkSameRegion(this, "network", props.network);

    this.id = new SecurityGroupResource(this, "group", {
      namePrefix: this.#namePrefix(),
      description: props.description,
      vpcId: props.network.vpcId,
      tags: { Name: buildName(this, NameLimits.TAG) },
      // AWS refuses to delete a group in use, so the new group is created first.
      lifecycle: { createBeforeDestroy: true },
      ...(props.deleteTimeoutMinutes !== undefined && { timeouts: { delete: `${props.deleteTimeoutMinutes}m` } }),
    }).id;
  }

  #namePrefix(): string {
    const prefix = buildName(this, NameLimits.SECURITY_GROUP_PREFIX, "");
    checkText(this, "security group name prefix", prefix, {
      pattern: /^(?!sg-)/i,
      allowed: "a name that does not begin with sg-, which AWS keeps for group ids",
      fix: "change namePrefix",
    });
    return prefix;
  }
}

class Existing extends Construct implements ISecurityGroup {
  constructor(
    scope: Construct,
    constructId: string,
    readonly id: string,
  ) {
    super(scope, constructId);
    checkText(this, "security group id", id, {
      pattern: GROUP_ID,
      allowed: "sg- and 8 or 17 hexadecimal digits",
      fix: 'write it like "sg-0123456789abcdef0"',
    });
  }
}
