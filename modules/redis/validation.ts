import type { Construct } from "constructs";
import { checkId } from "../elasticache";
import { checkOneOf, checkText, checkWholeNumber, ValidationError } from "../validation";
import { RedisAuth, type RedisClusterProps } from "./props";

/** The longest retention of daily snapshots that ElastiCache accepts, in days. */
const LONGEST_SNAPSHOT_RETENTION = 35;
/**
 * Switch, keys, channels and commands, in the order in which ElastiCache returns them. It returns no passwords and no resets.
 *
 * ElastiCache rewrites the rest: `allkeys` becomes `~*`, `allcommands` becomes `+@all`, and commands that begin with neither
 * `-@all` nor `+@all` get `-@all` in front. Each plan would show the difference (hashicorp/terraform-provider-aws#20334).
 */
const KEYS = String.raw`( (~|%[RW]{1,2}~)\S+)*`;
const CHANNELS = String.raw`( (&\S+|resetchannels))*`;
const COMMANDS = " [+-]@all( [+-](?!@all( |$))@?[a-z][a-z0-9|_-]*)*";
const ACCESS_STRING = new RegExp(`^on${KEYS}${CHANNELS}${COMMANDS}$`);

/** A time of snapshots: the name of its prop, and its value. */
export interface SnapshotTime {
  readonly what: "snapshotWindow" | "dailySnapshotTime";
  readonly got: string | undefined;
}

/** @throws {ValidationError} when the retention is too long, or there is a time of snapshots without a retention. */
export function checkSnapshots(scope: Construct, retentionDays: number, { what, got }: SnapshotTime): void {
  checkWholeNumber(scope, "snapshotRetentionDays", retentionDays, {
    min: 0,
    max: LONGEST_SNAPSHOT_RETENTION,
    allowed: `a whole number from 0, no snapshots, to ${LONGEST_SNAPSHOT_RETENTION}`,
    fix: "take 1",
  });
  if (retentionDays !== 0 || got === undefined) return;
  throw new ValidationError(scope, {
    what,
    got: `${got} with a retention of 0`,
    allowed: "a time only where snapshots are kept",
    fix: `leave ${what} out, or keep snapshots for a day`,
  });
}

const REWRITTEN: Readonly<Record<string, string>> = {
  allkeys: "~*",
  allchannels: "&*",
  allcommands: "+@all",
  nocommands: "-@all",
};

/** @throws {ValidationError} when ElastiCache would refuse or rewrite an access string. */
export function checkAccessString(scope: Construct, accessString: string | undefined): void {
  checkText(scope, "accessString", accessString, {
    pattern: ACCESS_STRING,
    allowed:
      "on, then ~keys, &channels, -@all or +@all, and +commands or -commands, with one space between and in this order, as ElastiCache answers",
    fix: suggestFix(accessString ?? ""),
  });
}

/** @throws {ValidationError} when the props name two logins, or an access string for a user that this construct does not create. */
export function checkAuth(
  scope: Construct,
  { auth, existingUserGroup, accessString }: Pick<RedisClusterProps, "auth" | "existingUserGroup" | "accessString">,
): void {
  checkOneOf(scope, "auth", auth, RedisAuth, { atSynth: true });
  const fix = "give the id of a user group that is there";
  checkId(scope, "existingUserGroup.userGroupId", existingUserGroup?.userGroupId, fix);
  if (auth !== undefined && existingUserGroup !== undefined) {
    throw new ValidationError(scope, {
      what: "auth",
      got: `${auth} beside existingUserGroup`,
      allowed: "one of the two: the group's user logs in with its password",
      fix: "leave auth out",
    });
  }
  if (accessString !== undefined && (auth === "none" || existingUserGroup !== undefined)) {
    throw new ValidationError(scope, {
      what: "accessString",
      got: auth === "none" ? "one beside auth none" : "one beside existingUserGroup",
      allowed: "one only for the IAM user that is made here",
      fix: "leave it out",
    });
  }
}

/** The access string as ElastiCache would write it, when only its form is wrong; else an example. */
function suggestFix(accessString: string): string {
  const words = accessString.split(" ").map((word) => REWRITTEN[word] ?? word);
  const first = words.findIndex((word) => /^[+-]/.test(word));
  const whole = first < 0 || /^[+-]@all$/.test(words[first] ?? "") ? words : words.toSpliced(first, 0, "-@all");
  const text = whole.join(" ");
  return `write it like "${ACCESS_STRING.test(text) ? text : "on ~session:* -@all +ping"}"`;
}
