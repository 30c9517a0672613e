import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import type { Construct } from "constructs";

type OneOrMore = string | readonly string[];

/** Conditions of a statement, keyed by IAM's operator, then by condition key. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A statement of a policy, with the keys of IAM's JSON. */
export interface Statement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: "*" | Readonly<Record<string, OneOrMore>>;
  readonly Action: OneOrMore;
  readonly Resource?: OneOrMore;
  readonly Condition?: Conditions;
}

/** A statement that allows actions on resources. */
export function allow(action: OneOrMore, resource: OneOrMore, conditions?: Conditions): Statement {
  return { Effect: "Allow", Action: action, Resource: resource, ...(conditions && { Condition: conditions }) };
}

/** A statement that denies actions on resources. It overrides statements that allow them. */
export function deny(action: OneOrMore, resource: OneOrMore, conditions?: Conditions): Statement {
  return { ...allow(action, resource, conditions), Effect: "Deny" };
}

/** The JSON of a policy. */
export function toPolicy(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/**
 * The JSON of a role's trust policy.
 *
 * @param principal - the principal that can assume the role, as in `{ Service: "ec2.amazonaws.com" }`.
 */
export function toTrustPolicy(principal: Exclude<Statement["Principal"], "*" | undefined>, conditions?: Conditions) {
  const action = { Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" } as const;
  return toPolicy({ ...action, ...(conditions && { Condition: conditions }) });
}

/** A role that policies can be added to. An IamRole of the provider is one. */
export interface GrantedRole extends Construct {
  /** Name of the role. */
  readonly name: string;
}

/**
 * Adds a policy to a role, as a child of the role: the role's stack then depends on the resources that the policy names. A second
 * call with the same id returns the first policy.
 */
export function grant(role: GrantedRole, id: string, statements: readonly Statement[], name?: string): IamRolePolicy {
  const existing = role.node.tryFindChild(id) as IamRolePolicy | undefined;
  if (existing !== undefined) return existing;
  return new IamRolePolicy(role, id, {
    role: role.name,
    ...(name !== undefined && { name }),
    policy: toPolicy(...statements),
  });
}
