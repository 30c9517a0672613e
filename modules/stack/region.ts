import type { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Annotations, TerraformStack, Token } from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { ValidationError } from "../validation";
import { expectProvider, findProvider, listProviders } from "./provider";

const OTHER_PARTITION = /^(cn|us-gov|us-iso[a-z]?|eu-iso[a-z]?|eusc)-/;
/** Area, direction, number: the form of every name in {@link KNOWN_REGIONS}. */
const REGION = /^[a-z]{2}-(central|north|south|east|west|northeast|northwest|southeast|southwest)-\d{1,2}$/;
/**
 * Regions of the partition `aws` in 2026. For a newer region, synthesis warns; it does not refuse.
 * @see https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
 */
const KNOWN_REGIONS: ReadonlySet<string> = new Set(
  [
    "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2",
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7",
    "ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3",
    "il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2",
  ].flatMap((line) => line.split(" ")),
);

/**
 * A token passes: it is known only after deployment.
 *
 * @throws when the region is malformed, or of another partition.
 */
export function checkRegion(scope: Construct, region: string): void {
  if (Token.isUnresolved(region) || KNOWN_REGIONS.has(region)) return;
  if (OTHER_PARTITION.test(region)) {
    throw new ValidationError(scope, {
      what: "region",
      got: region,
      allowed: "a region of the partition aws, since ARNs and endpoints have other names in China, GovCloud and others",
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

const warned = new WeakSet<TerraformStack>();

function warnUnlisted(stack: TerraformStack, region: string): void {
  if (Token.isUnresolved(region) || KNOWN_REGIONS.has(region) || warned.has(stack)) return;
  warned.add(stack);
  Annotations.of(stack).addWarning(
    `${stack.node.path}: region: ${region} is none this version knows. If AWS has opened it since, nothing is wrong; ` +
      "otherwise look for a spelling mistake.",
  );
}

/**
 * The region a construct is deployed to: that of its AWS provider. It may be a token. One that is not in the list of 2026 is
 * warned of, once a stack.
 *
 * @throws when the stack has no such provider yet, or the provider has no region, or a region of another partition.
 */
export function findRegion(construct: Construct): string {
  const provider = findProvider(construct);
  const region = provider?.region;
  if (provider !== undefined && region !== undefined) {
    checkRegion(construct, region);
    warnUnlisted(TerraformStack.of(construct), region);
    expectProvider(construct, provider);
    return region;
  }
  throw new ValidationError(construct, {
    what: "region",
    allowed: "the region of the construct's AWS provider",
    ...describeLack(construct, provider),
  });
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
