import type { Json } from "../../machine/aws-cli";

/** The region of a resource, from its ARN; undefined for a resource without one, and for services without regions. */
export function findRegion({ arn, id }: Json): string | undefined {
  const [, region] = /^arn:[\w-]+:[\w-]+:([\w-]+):/.exec(String(arn ?? id)) ?? [];
  return region;
}
