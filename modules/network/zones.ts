import type { Construct } from "constructs";
import { ValidationError } from "../validation";

/** Letters of the zones of a VPC. Each has a fixed position in the VPC's block. */
export const ZONE_LETTERS = ["a", "b", "c", "d", "e", "f"] as const;

/** The letter at the end of an availability zone's name. */
export type ZoneLetter = (typeof ZONE_LETTERS)[number];

/** @throws {ValidationError} when no zone is named, one is unknown, or one is named twice. */
export function checkZones(scope: Construct, zones: readonly string[]): void {
  const fix = suggestFix(zones);
  if (fix === undefined) return;
  const allowed = `one or more of ${ZONE_LETTERS.join(", ")}, each once`;
  throw new ValidationError(scope, { what: "availabilityZones", got: zones, allowed, fix });
}

function suggestFix(zones: readonly string[]): string | undefined {
  if (zones.length === 0) return `name at least one, as in ["a", "c"]`;
  const unknown = zones.find((zone) => !(ZONE_LETTERS as readonly string[]).includes(zone));
  if (unknown !== undefined) return `replace ${JSON.stringify(unknown)} by the last letter of the zone's name`;
  const twice = zones.find((zone, index) => zones.indexOf(zone) !== index);
  return twice === undefined ? undefined : `name ${JSON.stringify(twice)} once`;
}
