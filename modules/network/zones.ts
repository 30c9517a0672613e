import type { Refusal } from "../refused";

/** Letters of the zones a VPC can spread over; each has its fixed place in the VPC's block. */
export const ZONE_LETTERS = ["a", "b", "c", "d", "e", "f"] as const;

/** The letter an availability zone's name ends with. */
export type ZoneLetter = (typeof ZONE_LETTERS)[number];

/** Why a list of zones is not taken, or undefined when it is. */
export function zonesRefusal(zones: readonly string[]): Refusal | undefined {
  const what = "availability zones";
  const got = zones;
  const allowed = `one or more of ${ZONE_LETTERS.join(", ")}, each once`;
  if (zones.length === 0) return { what, got, allowed, fix: `name at least one, as in ["a", "c"]` };
  const unknown = zones.find((zone) => !(ZONE_LETTERS as readonly string[]).includes(zone));
  if (unknown !== undefined) {
    return { what, got, allowed, fix: `replace ${JSON.stringify(unknown)} by the last letter of the zone's name` };
  }
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  if (twice !== undefined) return { what, got, allowed, fix: `name ${JSON.stringify(twice)} once` };
  return undefined;
}
