import type { Call } from "../calls";
import { findActions } from "./actions";
import { findDependents } from "./dependents";
import { findTargets, type Target } from "./resources";

/** Something that who deploys must be allowed to do. */
export interface Need extends Target {
  readonly action: string;
  /** Condition keys that bound it: a policy may name these values alone. */
  readonly bounds: Readonly<Record<string, string>>;
}

/** Names of what a stack makes begin with this: the setting `name`, and what of the stack's id follows it. */
export function buildPrefix(stack: string): string {
  return `${stack}-`;
}

/**
 * The permissions that Terraform's calls need, each once.
 *
 * @throws for a call that no action is known of.
 */
export async function findNeeds(calls: readonly Call[], stack: string): Promise<Need[]> {
  const needs = new Map<string, Need>();
  const add = (need: Need) => needs.set(JSON.stringify(need), need);
  for (const call of calls.filter(({ who }) => who.program === "terraform")) {
    for (const action of await findActions(call)) {
      const targets = await findTargets(action, call.parameters, buildPrefix(stack));
      for (const target of targets) add({ action, ...target, bounds: readBounds(action, call.parameters) });
      for (const one of await findDependents(action, call.parameters, buildPrefix(stack))) {
        add({ action: one.action, ...one.target, bounds: one.context ?? {} });
      }
    }
  }
  return [...needs.values()];
}

/** The right to attach any policy is the right to do anything. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html */
function readBounds(action: string, { PolicyArn }: Call["parameters"]): Need["bounds"] {
  const isBound = ["iam:AttachRolePolicy", "iam:DetachRolePolicy"].includes(action) && typeof PolicyArn === "string";
  return isBound ? { "iam:PolicyARN": PolicyArn } : {};
}
