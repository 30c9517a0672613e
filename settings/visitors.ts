import * as z from "zod";
import { text } from "./values";

/** Ids by names of the user's, which are part of addresses. */
function byName(id: RegExp, takes: string, description: string) {
  const name = text(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, "small letters, digits and hyphens, none at an end");
  return z.record(name, text(id, takes), `an object of names, each with ${takes}`).default({}).meta({ description });
}

/** Settings of visitors beside those of IPv4 blocks. */
export const otherVisitors = {
  allowedPrefixLists: byName(
    /^pl-([0-9a-f]{8}|[0-9a-f]{17})$/,
    "the id of a prefix list, pl-…",
    "Prefix lists whose networks may open the app, by names of your choice",
  ),
  allowedSecurityGroups: byName(
    /^sg-([0-9a-f]{8}|[0-9a-f]{17})$/,
    "the id of a security group, sg-…",
    "Security groups whose members may open the app, by names of your choice",
  ),
};

interface OtherVisitors {
  readonly allowedPrefixLists: Readonly<Record<string, string>>;
  readonly allowedSecurityGroups: Readonly<Record<string, string>>;
}

/** Whether settings admit visitors beside those of IPv4 blocks. */
export function admitsOthers({ allowedPrefixLists, allowedSecurityGroups }: OtherVisitors): boolean {
  return Object.keys(allowedPrefixLists).length + Object.keys(allowedSecurityGroups).length > 0;
}
