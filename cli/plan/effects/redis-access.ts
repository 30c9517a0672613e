import { isTrue, type Values } from "../../terraform/configuration";
import { differs } from "../change";
import type { Moment } from "../plan";
import { type Effect, interruption } from "./effect";

/** TLS that is switched on, off or asked for. */
export const encrypted: Effect = (change) => {
  const { before, after } = change;
  const mode = (values: Values | undefined) =>
    isTrue(values?.transit_encryption_enabled) ? (values?.transit_encryption_mode ?? "required") : "off";
  const isMode = differs(change, "transit_encryption_mode") || differs(change, "transit_encryption_enabled");
  if (!isMode) return [];
  if (after?.transit_encryption_mode === "required" || (mode(before) === "off" && mode(after) === "required")) {
    return [interruption("takes no connection without TLS any more")];
  }
  return mode(before) !== "off" && after?.transit_encryption_enabled !== undefined && mode(after) === "off"
    ? [interruption("takes no connection with TLS any more")]
    : [];
};

/** A store that lets the users of another group log in: those of the group before are refused. */
export const users: Effect = (change, plan) => {
  const groups = (moment: Moment) =>
    ["user_group_ids", "user_group_id"].flatMap((argument) =>
      plan.targets(change, argument, moment, "aws_elasticache_user_group"),
    );
  const [was, is] = [groups("before"), groups("after")];
  if (was.length > 0 && was.every((group) => is.includes(group))) return [];
  if (was.length > 0 && is.length === 0) return [];
  return was.length === 0
    ? [interruption("asks for a login by its user group: an app that does not log in so is refused")]
    : [interruption("has another user group: users of the one before are refused")];
};

/**
 * A password that is set or changed. ROTATE keeps the one before beside it; SET and DELETE take that away.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html
 */
export const password: Effect = (change) => {
  if (change.unknown.auth_token === true) return [interruption(OTHER_PASSWORD)];
  const [was, is] = [change.before?.auth_token, change.after?.auth_token];
  if (!is) return [];
  if (was === is) {
    return differs(change, "auth_token_update_strategy") && change.after?.auth_token_update_strategy !== "ROTATE"
      ? [interruption(NO_OLDER_PASSWORD)]
      : [];
  }
  return was ? [interruption(OTHER_PASSWORD)] : [interruption("asks for a password: an app without it is refused")];
};
const OTHER_PASSWORD = "has another password: an app with the one before is refused once that is taken away";
const NO_OLDER_PASSWORD = "takes the passwords before its newest one away: an app that still has one is refused";
