import { Token } from "cdktf";
import type { Refusal } from "../refused";
import type { RedisClusterProps } from "./props";

/** ElastiCache keeps a daily snapshot for so many days at most. */
const LONGEST_SNAPSHOT_RETENTION = 35;
/** Words of an access string: switch, keys, channels, commands. Passwords and resets ElastiCache keeps to itself. */
const ACCESS_WORD = /^(on|off|allkeys|allcommands|resetkeys|resetchannels|[~&%][^\s]+|[+-]@?[a-z][a-z0-9|_-]*)$/;

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

/** Why an access string is not taken, or undefined when it is. */
export function accessStringRefusal(accessString: string): Refusal | undefined {
  if (Token.isUnresolved(accessString)) return undefined;
  const [first, ...words] = accessString.split(" ");
  if (first === "on" && words.length > 0 && words.every((word) => ACCESS_WORD.test(word))) return undefined;
  return {
    what: "access string",
    got: JSON.stringify(accessString),
    allowed: "on, then keys, channels and commands with one space between, without passwords and resets",
    fix: `write it like "on ~session:* -@all +ping"`,
  };
}

/** Why parameters are not taken, or undefined when they are. */
export function parametersRefusal(parameters: Readonly<Record<string, string>>): Refusal | undefined {
  if (!("cluster-enabled" in parameters)) return undefined;
  return {
    what: "parameters",
    got: parameters,
    allowed: "parameters other than cluster-enabled, which follows from shards",
    fix: "leave cluster-enabled out and give shards",
  };
}

/** Why a login is not taken, or undefined when it is. */
export function authRefusal(props: RedisClusterProps): Refusal | undefined {
  const { auth, existingUserGroup, accessString } = props;
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
