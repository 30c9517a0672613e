import type { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";
import { findProvider } from "../stack/provider";

/**
 * Name and the default tags of the construct's AWS provider. The provider does not add its tags to resources that a group launches, because
 * AWS creates them, not Terraform.
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
