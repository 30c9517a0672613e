import type { Call } from "../calls";
import { VARIANTS, type Variant } from "../variants";
import { findNeeds } from "./needs";
import { notAllowed, notNeeded, readPolicies, recordedVariants } from "./policy";
import { keepNeeds, readNeeds } from "./recorded";

/**
 * Keeps what a variant's run asked IAM for, and holds it against the policies in docs/deployer, where they are made for it.
 *
 * @returns what they do not allow, for people; undefined when they allow all of it.
 */
export async function askDeployer(calls: readonly Call[], variant: Variant): Promise<string | undefined> {
  try {
    const needs = await findNeeds(withOneName(calls, variant), variant.stack);
    keepNeeds(variant, needs);
    if (!isRecorded(variant)) return undefined;
    const refused = await notAllowed(needs, readPolicies(variant.stack));
    return refused.length === 0 ? undefined : ["docs/deployer does not allow:", ...refused].join("\n");
  } catch (error) {
    return `docs/deployer: ${(error as Error).message}`;
  }
}

/**
 * The calls as if no edit changed the setting `name`. A policy is for one name: a deployer who changes it needs the policies of both, and
 * not one for every name.
 */
function withOneName(calls: readonly Call[], { stack, appliedEdits = [] }: Variant): Call[] {
  const names = appliedEdits.flatMap(({ settings }) => (typeof settings?.name === "string" ? [settings.name] : []));
  const text = names.reduce(
    (json, name) => json.replaceAll(stack.replace(/^session/, name), stack),
    JSON.stringify(calls),
  );
  return JSON.parse(text) as Call[];
}

/** Whether the policies in docs/deployer are made for a variant too. */
export function isRecorded({ stack, name }: Variant): boolean {
  return recordedVariants(stack).includes(name);
}

/** Lists the actions that docs/deployer allows and no variant needs, for the stacks of which every recorded variant ran. */
export function unneeded(goneThrough: readonly Variant[]): string[] {
  return [...new Set(goneThrough.map(({ stack }) => stack))].flatMap((stack) => {
    const variants = VARIANTS.filter((variant) => variant.stack === stack && isRecorded(variant));
    if (variants.length === 0 || !variants.every((variant) => goneThrough.includes(variant))) return [];
    return notNeeded(readNeeds(variants), readPolicies(stack)).map((action) => `${stack}: ${action}`);
  });
}
