import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { refused } from "../refused";

const OTHER_PARTITION = /^(cn|us-gov|us-iso[a-z]?|eu-iso[a-z]?|eusc)-/;

/**
 * The region a construct is deployed to: that of the stack's AWS provider without alias.
 *
 * @throws when the stack has no such provider yet, or it names no region.
 */
export function regionOf(construct: Construct): string {
  const provider = TerraformStack.of(construct)
    .node.children.filter((child) => child instanceof AwsProvider)
    .find((candidate) => candidate.alias === undefined);
  const region = provider?.region;
  if (region !== undefined && OTHER_PARTITION.test(region)) {
    throw refused(construct, {
      what: "region",
      got: region,
      allowed: "a region of the partition aws, since ARNs and endpoints have other names in China, GovCloud and others",
      fix: `take one like "ap-northeast-1"`,
    });
  }
  if (region !== undefined) return region;
  throw refused(construct, {
    what: "region",
    got: provider === undefined ? "a stack without an AWS provider" : "an AWS provider that names none",
    allowed: "the region of the stack's AWS provider",
    fix: `put new AwsProvider(stack, "aws", { region }) in front of this construct`,
  });
}
