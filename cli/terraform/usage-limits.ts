import { block, type Values } from "./configuration";

/** Limited quantities of a serverless cache: stored data in GB, and ElastiCache Processing Units a second. */
export type Limited = "data_storage" | "ecpu_per_second";
/** The end of a range of limits. */
export type End = "minimum" | "maximum";

/** A limit of a serverless cache, by its arguments in a stack, a plan or a state; undefined for one without it. */
export function readUsageLimit(values: Values | undefined, what: Limited, end: End): number | undefined {
  const found = block(block(values?.cache_usage_limits)[what])[end];
  return found === undefined || found === null ? undefined : Number(found);
}
