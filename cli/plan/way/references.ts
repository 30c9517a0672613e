import { blocks, texts, type Values } from "../../terraform/configuration";
import type { Change } from "../change";
import { isUnknown } from "../effects/effect";
import type { Moment, Plan } from "../plan";

/** The resources that an argument names. */
export interface References {
  /** Addresses; ids of resources that are not in the plan. */
  readonly names: readonly string[];
  /** False where the plan does not tell which resources these are. */
  readonly isKnown: boolean;
}

/** Resources of one type that an argument names, in a block where `inside` is given. */
export function readReferences(
  plan: Plan,
  change: Change,
  moment: Moment,
  { argument, inside, type }: { readonly argument: string; readonly inside?: string; readonly type: string },
): References {
  const value = change[moment]?.[argument];
  const values = inside === undefined ? texts(value) : blocks(value).flatMap((one) => texts(one[inside]));
  const known = values.filter((one) => one !== "").map((id) => plan.find(type, id, moment) ?? id);
  if (moment === "before" || !isUnknownIn(change, argument, inside)) return { names: known, isKnown: true };
  const written = plan.refersTo(change, argument).filter((address) => plan.at(address)?.type === type);
  return { names: [...new Set([...known, ...written])], isKnown: written.length > 0 };
}

function isUnknownIn({ unknown }: Change, argument: string, inside: string | undefined): boolean {
  const mark = unknown[argument];
  if (mark === true || inside === undefined) return isUnknown(mark);
  return blocks(mark).some((one: Values) => isUnknown(one[inside]));
}

/** The first resource that an argument names. */
export function readReference(
  plan: Plan,
  change: Change,
  moment: Moment,
  reference: { readonly argument: string; readonly inside?: string; readonly type: string },
): string | undefined {
  return readReferences(plan, change, moment, reference).names[0];
}
