import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { buildName, NameLimits } from "../naming";

/**
 * Name, and what the stack's AWS provider puts on every resource: it does not reach what a group launches, since AWS
 * makes that and not Terraform.
 */
export function collectTags(construct: Construct): Readonly<Record<string, string>> {
  const provider = TerraformStack.of(construct)
    .node.children.filter((child) => child instanceof AwsProvider)
    .find((candidate) => candidate.alias === undefined);
  const blocks = provider?.defaultTagsInput;
  const defaults = Array.isArray(blocks) ? blocks.map(({ tags }) => tags ?? {}) : [];
  return Object.assign({}, ...defaults, { Name: buildName(construct, NameLimits.TAG) });
}
