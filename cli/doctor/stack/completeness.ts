import { findExisting } from "../../terraform/existing-resources";
import { findLacking } from "../../terraform/import-existing";
import { readConfiguration } from "../../terraform/read-configuration";
import type { State } from "../../terraform/state";
import type { SynthesizedStack } from "../../terraform/synthesize";
import type { Advice } from "../advice";
import { type Finding, fail, inOneLine, ok, warn } from "../finding";

/** The most resources that a finding lists. */
const MOST_NAMED = 4;

/**
 * Compares a stack's state with the stack. A deploy creates each resource that the state lacks, and fails or creates a second one
 * where AWS has it already: Terraform that is killed does not record the resource that it is creating.
 */
export async function examineCompleteness(
  stack: Pick<SynthesizedStack, "text">,
  state: State,
  { plan, adopt }: Advice,
): Promise<Finding[]> {
  const { region = "", resources } = readConfiguration(stack.text);
  const lacking = findLacking(resources, state);
  if (lacking.length === 0) return [ok("completeness", `the state has all ${resources.length} resources of the stack`)];
  const named = lacking.slice(0, MOST_NAMED).map(({ path, address }) => path ?? address);
  const rest = lacking.length > MOST_NAMED ? ` and ${lacking.length - MOST_NAMED} more` : "";
  const half = warn(
    "completeness",
    `half deployed, or the settings have changed since: lacks ${named.join(", ")}${rest}`,
    plan,
  );
  const { found, refusals } = await findExisting({ resources: lacking }, { region });
  const orphans = found.map(({ resource: { path, address }, id, deletion }) =>
    fail(
      "orphan",
      `${path ?? address} is at AWS as ${id}, and not in the state: a deploy would fail or create a second one`,
      `${adopt(address, id)}; if it is not this stack's, or is not wanted: ${deletion}`,
    ),
  );
  const unknown = refusals.map((refusal) =>
    fail("orphan", inOneLine(refusal), "docs/operations.md#a-resource-exists-already"),
  );
  return [half, ...orphans, ...unknown];
}
