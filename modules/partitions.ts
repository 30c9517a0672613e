/** Regions of AWS that share accounts, the first part of ARNs and the end of host names. */
export interface Partition {
  /** Second part of its ARNs, as in `aws-cn`. */
  readonly name: string;
  /** End of its host names, as in `amazonaws.com.cn`. */
  readonly dnsSuffix: string;
}

const AWS: Partition = { name: "aws", dnsSuffix: "amazonaws.com" };
const CHINA: Partition = { name: "aws-cn", dnsSuffix: "amazonaws.com.cn" };
const GOVCLOUD: Partition = { name: "aws-us-gov", dnsSuffix: "amazonaws.com" };

/** Names of the partitions that stacks can be deployed to. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const PARTITION_NAMES: readonly string[] = [AWS, CHINA, GOVCLOUD].map(({ name }) => name);

/** The name of any of them, as part of a regular expression. */
export const ANY_PARTITION = `(?:${PARTITION_NAMES.join("|")})`;

/** The partitions that stacks can be deployed to, and why no others, for errors. */
export const PARTITIONS_ALLOWED =
  "a region of the partition aws, aws-cn (China) or aws-us-gov (GovCloud); endpoints of AWS' other partitions have other names";

/** The European Sovereign Cloud and the isolated partitions. */
const OTHER_PARTITION = /^(us-iso[a-z]?|eu-iso[a-z]?|eusc)-/;

/** The partition of a region by the start of its name; undefined for one that stacks can't be deployed to. */
export function parsePartition(region: string): Partition | undefined {
  if (OTHER_PARTITION.test(region)) return undefined;
  if (region.startsWith("cn-")) return CHINA;
  return region.startsWith("us-gov-") ? GOVCLOUD : AWS;
}
