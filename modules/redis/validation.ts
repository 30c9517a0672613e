import { Token } from "cdktf";
import { idRefusal } from "../elasticache";
import type { Refusal } from "../refused";
import type { RedisClusterProps } from "./props";

/** ElastiCache keeps a daily snapshot for so many days at most. */
const LONGEST_SNAPSHOT_RETENTION = 35;
/**
 * Switch, keys, channels, commands, in the order ElastiCache answers with. Passwords and resets it keeps to itself.
 *
 * ElastiCache rewrites the rest: `allkeys` becomes `~*`, `allcommands` becomes `+@all`, and commands that begin with neither
 * `-@all` nor `+@all` get `-@all` in front. Each plan would show the difference (hashicorp/terraform-provider-aws#20334).
 */
const KEYS = String.raw`( (~|%[RW]{1,2}~)\S+)*`;
const CHANNELS = String.raw`( (&\S+|resetchannels))*`;
const COMMANDS = " [+-]@all( [+-](?!@all( |$))@?[a-z][a-z0-9|_-]*)*";
const ACCESS_STRING = new RegExp(`^on${KEYS}${CHANNELS}${COMMANDS}$`);

/** Why a snapshot retention is not taken, or undefined when it is. */
export function snapshotRefusal(retentionDays: number, window: string | undefined): Refusal | undefined {
  if (Token.isUnresolved(retentionDays)) return undefined;
  if (!Number.isInteger(retentionDays) || retentionDays < 0 || retentionDays > LONGEST_SNAPSHOT_RETENTION) {
    return {
      what: "snapshot retention in days",
      got: retentionDays,
      allowed: `a whole number from 0, no snapshots, to ${LONGEST_SNAPSHOT_RETENTION}`,
      fix: "take 1",
    };
  }
  if (retentionDays === 0 && window !== undefined) {
    return {
      what: "snapshot window",
      got: `${window} with a retention of 0`,
      allowed: "a window only where snapshots are kept",
      fix: "leave the window out or keep snapshots for a day",
    };
  }
  return undefined;
}

const REWRITTEN: Readonly<Record<string, string>> = {
  allkeys: "~*",
  allchannels: "&*",
  allcommands: "+@all",
  nocommands: "-@all",
};

/** Why an access string is not taken, or undefined when it is. */
export function accessStringRefusal(accessString: string): Refusal | undefined {
  if (Token.isUnresolved(accessString)) return undefined;
  if (ACCESS_STRING.test(accessString)) return undefined;
  return {
    what: "access string",
    got: JSON.stringify(accessString),
    allowed:
      "on, then ~keys, &channels, -@all or +@all, and +commands or -commands, with one space between and in this order, as ElastiCache answers",
    fix: fixOf(accessString),
  };
}

/** Why a login is not taken, or undefined when it is. */
export function authRefusal(props: RedisClusterProps): Refusal | undefined {
  const { auth, existingUserGroup, accessString } = props;
  const refusal = existingUserGroup && idRefusal("existingUserGroup.userGroupId", existingUserGroup.userGroupId);
  if (refusal !== undefined) return { ...refusal, fix: "give the id of a user group that is there" };
  if (auth !== undefined && existingUserGroup !== undefined) {
    return {
      what: "auth",
      got: `${auth} beside existingUserGroup`,
      allowed: "one of the two: the group's user logs in with its password",
      fix: "leave auth out",
    };
  }
  if (accessString !== undefined && (auth === "none" || existingUserGroup !== undefined)) {
    return {
      what: "access string",
      got: auth === "none" ? "one beside auth none" : "one beside existingUserGroup",
      allowed: "one only for the IAM user that is made here",
      fix: "leave it out",
    };
  }
  return undefined;
}

/** What ElastiCache would make of it, where that is all that is wrong. */
function fixOf(accessString: string): string {
  const words = accessString.split(" ").map((word) => REWRITTEN[word] ?? word);
  const first = words.findIndex((word) => /^[+-]/.test(word));
  const whole = first < 0 || /^[+-]@all$/.test(words[first] ?? "") ? words : words.toSpliced(first, 0, "-@all");
  const text = whole.join(" ");
  return `write it like "${ACCESS_STRING.test(text) ? text : "on ~session:* -@all +ping"}"`;
}
