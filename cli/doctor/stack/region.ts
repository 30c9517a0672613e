import type { Json } from "../../machine/aws-cli";

/** The region of a resource, from its ARN; undefined for a resource without one, and for services without regions. */
export function findRegion({ arn, id }: Json): string | undefined {
  const [, region] = /^arn:[\w-]+:[\w-]+:([\w-]+):/.exec(String(arn ?? id)) ?? [];
  return region;
}

/** Resources, those of each region together: one call of AWS answers for all of them. */
export function groupByRegion<T extends Json>(resources: readonly T[]): T[][] {
  const regions = new Map<string | undefined, T[]>();
  for (const one of resources) {
    const region = findRegion(one);
    regions.set(region, [...(regions.get(region) ?? []), one]);
  }
  return [...regions.values()];
}
