import * as z from "zod";
import { ANY_PARTITION } from "../modules/partitions";

/** An IPv4 block. */
export const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;

/** A text of a form. @param takes - the form in words, for the error */
export const text = (pattern: RegExp, takes: string) => z.string(takes).regex(pattern, takes);
/** A whole number between two limits, both included. */
export const whole = (min: number, max: number) => {
  const takes = `a whole number from ${min} to ${max}`;
  return z.number(takes).int(takes).min(min, takes).max(max, takes);
};
/** One of these texts. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, values.map((value) => `"${value}"`).join(" or "));
/** A list of IPv4 blocks, at least one. */
export const cidrs = (takes: string) => z.array(text(CIDR, takes), takes).min(1, takes);

/** The networks of an app's visitors. */
export const visitors = cidrs(
  'a list of IPv4 blocks, as in ["203.0.113.0/24"], or ["203.0.113.7/32"] for one address; everybody is "0.0.0.0/0"',
).meta({
  description: 'Networks that may open the app, as IPv4 blocks; ["0.0.0.0/0"] is the whole internet',
});
/** How long logs are kept, in days. */
export const retentionDays = whole(1, 3653);
/** The ARN of a KMS key. An alias is refused: services take the key itself. */
export const keyArn = text(
  new RegExp(`^arn:${ANY_PARTITION}:kms:[a-z0-9-]+:\\d{12}:key/[\\w-]+$`),
  "the ARN of a KMS key, as in arn:aws:kms:…:key/…",
);
/** The type of a node of ElastiCache. */
export const cacheNodeType = text(/^cache\.[a-z0-9-]+\.[a-z0-9-]+$/, "an ElastiCache node type, as in cache.t4g.micro");
/** The ARN of a resource of a service. @param what - the kind of resource, for the error */
export const arn = (service: string, what: string) =>
  text(new RegExp(`^arn:${ANY_PARTITION}:${service}:[a-z0-9-]+:\\d{12}:\\S+$`), `the ARN of ${what}`);
