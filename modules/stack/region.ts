import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Annotations, TerraformStack, Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { ANY_PARTITION, PARTITIONS_ALLOWED, type Partition, parsePartition } from "../partitions";
import { ValidationError } from "../validation";
import { isKnownRegion, takeYoungRegion } from "./known-regions";
import { lookUpPartition } from "./partition";
import { expectProvider, findProvider, listProviders } from "./provider";

/** Area, direction, number: the form of every name in the list of known regions. */
const REGION = /^[a-z]{2}(-gov)?-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d{1,2}$/;

/**
 * A token passes: Terraform checks its partition at the plan ({@link lookUpPartition}).
 *
 * @throws when the region is malformed, or of a partition that stacks can't be deployed to.
 */
export function checkRegion(scope: Construct, region: string): void {
  if (Token.isUnresolved(region) || isKnownRegion(region)) return;
  if (parsePartition(region) === undefined) {
    throw new ValidationError(scope, {
      what: "region",
      got: region,
      allowed: PARTITIONS_ALLOWED,
      fix: `take one like "ap-northeast-1"`,
    });
  }
  if (!REGION.test(region)) {
    throw new ValidationError(scope, {
      what: "region",
      got: JSON.stringify(region),
      allowed: "an area of two letters, a direction and a number, as in eu-central-1",
      fix: "look for a spelling mistake",
    });
  }
}

const warned = new WeakSet<AwsProvider>();

function warnOfYoungRegion(construct: Construct, provider: AwsProvider, region: string): void {
  if (Token.isUnresolved(region) || warned.has(provider)) return;
  const stack = TerraformStack.of(construct);
  const says = [
    ...(isKnownRegion(region)
      ? []
      : ["is not in this version's list of regions: look for a spelling mistake, unless AWS has opened it since"]),
    ...(takeYoungRegion(region).skipRegionValidation === true && provider.skipRegionValidationInput !== true
      ? ["is refused by AWS provider 5.100: give the provider skipRegionValidation: true"]
      : []),
  ];
  if (says.length === 0) return;
  warned.add(provider);
  Annotations.of(stack).addWarning(`${stack.node.path}: region: ${region} ${says.join("; it ")}.`);
}

/**
 * The region a construct is deployed to: that of its AWS provider. It may be a token. One that is not in the list of 2026 is
 * warned of, once a provider.
 *
 * @throws when the stack has no such provider yet, or the provider has no region, or a region of a partition that stacks can't be deployed to.
 */
export function findRegion(construct: Construct): string {
  const provider = findProvider(construct);
  const region = provider?.region;
  if (provider !== undefined && region !== undefined) {
    checkRegion(construct, region);
    warnOfYoungRegion(construct, provider, region);
    // The data source refuses other partitions at the plan, also for constructs that need no ARN.
    if (Token.isUnresolved(region)) lookUpPartition(provider);
    expectProvider(construct, provider);
    return region;
  }
  throw new ValidationError(construct, {
    what: "region",
    allowed: "the region of the construct's AWS provider",
    ...describeLack(construct, provider),
  });
}

/**
 * The partition a construct is deployed to. Where its region is a token, the name and the suffix are tokens.
 *
 * @throws as {@link findRegion} does.
 */
export function findPartition(construct: Construct): Partition {
  const region = findRegion(construct);
  const known = Token.isUnresolved(region) ? undefined : parsePartition(region);
  return known ?? lookUpPartition(findProvider(construct) as AwsProvider);
}

/** The name of a construct's partition in a regular expression: any partition's where its region is a token. */
export function matchPartition(construct: Construct): string {
  const { name } = findPartition(construct);
  return Token.isUnresolved(name) ? ANY_PARTITION : name;
}

/**
 * The service principal of EC2. In China it has the partition's suffix; principals of the other services that the constructs
 * name, among them Lambda, ECS tasks, API Gateway and flow logs, end in amazonaws.com everywhere.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/46209
 * @see https://github.com/aws/aws-cdk/issues/1282
 */
export function findEc2Principal(construct: Construct): string {
  return `ec2.${findPartition(construct).dnsSuffix}`;
}

function describeLack(construct: Construct, provider: AwsProvider | undefined): { got: string; fix: string } {
  const first = `put new AwsProvider(stack, "aws", { region }) in front of this construct`;
  if (provider !== undefined) {
    return { got: "an AWS provider that names none", fix: `name it there, as in { region: "ap-northeast-1" }` };
  }
  const aliases = listProviders(construct).map(({ alias }) => alias);
  if (aliases.length === 0) return { got: "a stack without an AWS provider", fix: first };
  return {
    got: `AWS providers of several regions, each with an alias: ${aliases.join(", ")}`,
    fix: "give the construct the prop provider",
  };
}

/**
 * @param what - the prop by which the construct was given the other one.
 * @throws {ValidationError} when both regions are known at synth, and differ.
 */
export function checkSameRegion(construct: Construct, what: string, other: IConstruct): void {
  const [own, foreign] = [findProvider(construct)?.region, findProvider(other)?.region];
  if (own === undefined || foreign === undefined || own === foreign) return;
  if (Token.isUnresolved(own) || Token.isUnresolved(foreign)) return;
  throw new ValidationError(construct, {
    what,
    got: `${other.node.path}, which is in ${foreign}`,
    allowed: `one in ${own}, the region of the construct's provider`,
    fix: "give both the same provider",
  });
}
