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

/** A VPC as far as a security group needs to know it. */
export interface Vpc {
  /** Id of the VPC. */
  readonly vpcId: string;
}

/** A security group, new or existing, that rules can be added to. */
export interface ISecurityGroup extends IConstruct {
  /** Id of the group, `sg-...`. */
  readonly id: string;
}

/** Properties of a {@link SecurityGroup}. */
export interface SecurityGroupProps extends ProviderProps {
  /** The VPC the group belongs to. */
  readonly network: Vpc;

  /**
   * What the group is for. A constant: AWS cannot change it, so another text means another group.
   * At most 255 characters, of those AWS takes in a description.
   */
  readonly description: string;

  /**
   * How long a destroy waits for the group to be given up, in minutes: a function's network interfaces hold it for 20 to
   * 45 after the function is gone.
   * @default - the provider's 15
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

/** Properties of a group that exists already. */
export interface ExistingSecurityGroup {
  /** Id of the group, as in `sg-0123456789abcdef0`. */
  readonly securityGroupId: string;
}

const GROUP_ID = /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/;

/**
 * A security group without a rule of its own: nothing comes in and nothing goes out until `openPort`, `allowFromCidr` or
 * `allowToCidr` says so. Rules are resources of their own, never inline ones, because the two kinds undo each other
 * (hashicorp/terraform-provider-aws#32379).
 *
 * @throws when AWS does not take the description, or the name begins with `sg-`.
 */
export class SecurityGroup extends Construct implements ISecurityGroup {
  /**
   * A group that is there already. Rules are added to it as resources of their own: where Terraform elsewhere holds its
   * rules inline, that one removes them at its next apply (hashicorp/terraform-provider-aws#32379).
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
      // A group in use cannot be deleted: the new one must stand before the old one goes.
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
