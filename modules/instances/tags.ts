import type { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { findProvider } from "../stack/provider";

/**
 * Name, and what the construct's AWS provider puts on every resource: it does not reach what a group launches, since AWS
 * makes that and not Terraform.
 *
 * @param tagged - a resource whose own tags are added. @default {}
 */
export function collectTags(
  construct: Construct,
  tagged: { readonly tagsInput?: Readonly<Record<string, string>> | undefined } = {},
): Readonly<Record<string, string>> {
  const blocks = findProvider(construct)?.defaultTagsInput;
  const defaults = Array.isArray(blocks) ? blocks.map(({ tags }) => tags ?? {}) : [];
  return Object.assign({}, ...defaults, tagged.tagsInput, { Name: buildName(construct, NameLimits.TAG) });
}
