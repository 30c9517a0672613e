import { texts, type Values } from "../../terraform/configuration";
import { type Rights, readAccessString, uncovered } from "../access-string";
import type { Change } from "../change";
import type { Plan } from "../plan";
import type { Risk } from "../risk";

const USERS = ["aws_elasticache_user", "aws_memorydb_user"];
const CACHES = ["aws_elasticache_replication_group", "aws_elasticache_serverless_cache", "aws_memorydb_cluster"];
const NOBODY = readAccessString("off");

/** Redis users with more commands or keys than before, and caches without a login. */
export function grantsInAccessStrings(plan: Plan): Risk[] {
  const users = plan.of(...USERS).flatMap(({ address, before, after }) => {
    const what = granted(readGrants(before), readGrants(after));
    return what === "" ? [] : [{ address, what: `${plan.names.of(address)} may in Redis: ${what}` }];
  });
  const open = plan.of(...CACHES).flatMap((change) => {
    const { address, before, after } = change;
    if (after === undefined || (before !== undefined && !asksForLogin(before))) return [];
    if (asksForLogin(after) || refersToUsers(plan, change)) return [];
    return [{ address, what: `${plan.names.of(address)} accepts clients without a login` }];
  });
  return [...users, ...open];
}

function readGrants(values: Values | undefined): string | undefined {
  return typeof values?.access_string === "string" ? values.access_string : undefined;
}

/** The words of an access string that add permissions; all added permissions if only the order of the words changes. */
function granted(before: string | undefined, after: string | undefined): string {
  if (after === undefined) return "";
  const [was, is] = [effective(before), effective(after)];
  const commands = [...is.commands].filter((one) => !was.commands.has(one));
  const keys = uncovered(is.keys, was.keys);
  const channels = uncovered(is.channels, was.channels);
  if (commands.length + keys.length + channels.length === 0) return unknownWords(before, after);
  const [from, to] = [before === undefined || !was.isOn ? [] : splitWords(before), splitWords(after)];
  const given = to.filter((word) => !from.includes(word) && !TAKES_AWAY.test(word));
  const noLonger = from.filter((word) => word.startsWith("-") && !to.includes(word)).map((word) => `no longer ${word}`);
  const words = [...given, ...noLonger].join(" ");
  return words === "" ? [...commands.map((one) => `+${one}`), ...keys, ...channels].join(" ") : words;
}

/** Commands that are not in the list here, as those of a module or a later version. */
function unknownWords(before: string | undefined, after: string): string {
  const known = effective(`on +@all`).commands;
  const from = before === undefined || !effective(before).isOn ? [] : splitWords(before);
  if (!effective(after).isOn || from.includes("+@all")) return "";
  return splitWords(after)
    .filter((word) => /^\+[^@]/.test(word) && !known.has(word.slice(1).toLowerCase()) && !from.includes(word))
    .join(" ");
}

/** The effective permissions of a user. A user that is off has none. */
function effective(text: string | undefined): Rights {
  const rights = text === undefined ? NOBODY : readAccessString(text);
  // AWS turns a user on if its access string has no switch.
  return rights.isOn || (text !== undefined && !/(^|\s)off(\s|$)/.test(text)) ? { ...rights, isOn: true } : NOBODY;
}

/** Words of an access string that remove permissions, and the switches. */
const TAKES_AWAY = /^(-|off$|on$|reset|no)/;

function splitWords(text: string): string[] {
  return text.split(/\s+/).filter((word) => !/^(on|off|[<>#!].*|)$/.test(word));
}

function refersToUsers(plan: Plan, change: Change): boolean {
  return ["user_group_ids", "user_group_id", "acl_name"].some((argument) => plan.refersTo(change, argument).length > 0);
}

function asksForLogin(values: Values): boolean {
  if ("acl_name" in values) return values.acl_name !== "open-access";
  const { user_group_ids, user_group_id, auth_token } = values;
  return [user_group_ids, user_group_id, auth_token].flatMap(texts).some((one) => one !== "");
}
