import { matchesPattern, patternsMeet } from "../../terraform/wildcards";
import { type Condition, implies } from "./conditions";
import type { Grant, Scope } from "./grant";
import { mayBeSame } from "./references";

/** Whether all that the other grants, the one grants too. */
export function covers(one: Grant, other: Grant): boolean {
  return (
    one.owner === other.owner &&
    coversPrincipal(one.principal, other.principal) &&
    includes(one.action, other.action, lower) &&
    includes(one.resource, other.resource, same) &&
    implies(other.conditions, one.conditions)
  );
}

/** Whether there is a request that both are about, conditions aside. */
export function meets(one: Grant, other: Grant): boolean {
  return (
    one.owner === other.owner &&
    (coversPrincipal(one.principal, other.principal) || coversPrincipal(other.principal, one.principal)) &&
    touches(one.action, other.action, lower) &&
    touches(one.resource, other.resource, same)
  );
}

/** Whether a grant holds for each request that it is about. */
export function isUnconditional({ conditions }: { readonly conditions: readonly Condition[] }): boolean {
  return conditions.length === 0;
}

const same = (text: string) => text;
/** Actions are the same in either case. */
const lower = (text: string) => text.toLowerCase();

type Spelling = (text: string) => string;

function includes(one: Scope, other: Scope, spell: Spelling): boolean {
  const takes = (pattern: string, text: string) =>
    matchesPattern(spell(pattern), spell(text)) || mayBeSame(pattern, text);
  if ("only" in one) return "only" in other ? takes(one.only, other.only) : /^\*+$/.test(one.only);
  if ("only" in other) return !one.allBut.some((but) => patternsMeet(spell(but), spell(other.only)));
  return one.allBut.every((but) => other.allBut.some((wider) => takes(wider, but)));
}

function touches(one: Scope, other: Scope, spell: Spelling): boolean {
  if ("only" in one && "only" in other) {
    return patternsMeet(spell(one.only), spell(other.only)) || mayBeSame(one.only, other.only);
  }
  const [some, but] = "only" in one ? [one, other] : [other, one];
  if (!("only" in some) || !("allBut" in but)) return true;
  return !but.allBut.some((pattern) => matchesPattern(spell(pattern), spell(some.only)));
}

const ROOT = /^(?:arn:aws[\w-]*:iam::)?(\d+)(?::root)?$/;

/** Everybody is everybody; an account is all who are in it. */
function coversPrincipal(one: string | undefined, other: string | undefined): boolean {
  if (one === other || (one === "*" && other !== undefined)) return true;
  if (one === undefined || other === undefined) return false;
  const account = ROOT.exec(one)?.[1];
  if (account !== undefined)
    return ROOT.exec(other)?.[1] === account || new RegExp(`^arn:aws[\\w-]*:(iam|sts)::${account}:`).test(other);
  return mayBeSame(one, other);
}
