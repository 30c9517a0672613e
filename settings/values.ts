import * as z from "zod";

/** An IPv4 block. */
export const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/;

export const text = (pattern: RegExp, takes: string) => z.string(takes).regex(pattern, takes);
export const whole = (min: number, max: number) => {
  const takes = `a whole number from ${min} to ${max}`;
  return z.number(takes).int(takes).min(min, takes).max(max, takes);
};
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, values.map((value) => `"${value}"`).join(" or "));
export const cidrs = (takes: string) => z.array(text(CIDR, takes), takes).min(1, takes);

export const retentionDays = whole(1, 3653);
export const keyArn = text(
  /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
  "the ARN of a KMS key, as in arn:aws:kms:…:key/…",
);
export const arn = (service: string, what: string) =>
  text(new RegExp(`^arn:aws:${service}:[a-z0-9-]+:\\d{12}:\\S+$`), `the ARN of ${what}`);
