import { Token } from "cdktf";

/**
 * Regions of 2026, those that an account must opt into too. A region AWS has opened since is warned of and not refused.
 * @see https://github.com/boto/botocore/blob/develop/botocore/data/partitions.json
 */
const KNOWN_REGIONS: ReadonlySet<string> = new Set(
  [
    "af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2",
    "ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7",
    "ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3",
    "il-central-1 me-central-1 me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2",
    "cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1",
  ].flatMap((line) => line.split(" ")),
);

/** Whether this version knows a region. */
export function isKnownRegion(region: string): boolean {
  return KNOWN_REGIONS.has(region);
}

/**
 * Regions in the list that are younger than AWS provider 5.100.0, and than Terraform 1.11, whose backend in S3 has a list of
 * its own. Each refuses them ("invalid AWS Region") unless it is told not to check: measured with 5.100.0 and 1.11.4.
 */
const UNKNOWN_TO_PROVIDER: ReadonlySet<string> = new Set(["ap-southeast-6"]);
const UNKNOWN_TO_BACKEND: ReadonlySet<string> = new Set(["ap-east-2", "ap-southeast-6"]);

/** The argument that has a stack's AWS provider take a region that is younger than it. The constructs check regions themselves. */
export function takeYoungRegion(region: string): { readonly skipRegionValidation?: true } {
  return isYoung(region, UNKNOWN_TO_PROVIDER) ? { skipRegionValidation: true } : {};
}

/** The same for the backend in S3. */
export function takeYoungBucketRegion(region: string): { readonly skipRegionValidation?: true } {
  return isYoung(region, UNKNOWN_TO_BACKEND) ? { skipRegionValidation: true } : {};
}

function isYoung(region: string, young: ReadonlySet<string>): boolean {
  return !Token.isUnresolved(region) && (!KNOWN_REGIONS.has(region) || young.has(region));
}
