import { texts, type Values } from "../../terraform/configuration";
import type { Plan } from "../plan";
import type { Risk } from "../risk";

const USER = "aws_elasticache_user";
const GROUP = "aws_elasticache_replication_group";
/** In an access string, what takes away rather than gives. */
const TAKES_AWAY = /^(-|off$|reset|no)/;
/** Switches: what a user may do stands beside them. */
const SWITCHES = ["on", "off"];

/** Redis users that may send more commands or reach more keys than before, and caches that ask for no login. */
export function grantsInAccessStrings(plan: Plan): Risk[] {
  const users = plan.of(USER).flatMap(({ address, before, after }) => {
    const [was, is] = [wordsOf(before?.access_string), wordsOf(after?.access_string)];
    const given = is.filter((word) => !was.includes(word) && !TAKES_AWAY.test(word));
    const noLongerTaken = is.length === 0 ? [] : was.filter((word) => word.startsWith("-") && !is.includes(word));
    const what = [...given, ...noLongerTaken.map((word) => `no longer ${word}`)].join(" ");
    return what === "" ? [] : [{ address, what: `${plan.names.of(address)} may in Redis: ${what}` }];
  });
  const open = plan.of(GROUP).flatMap((change) => {
    const { address, before, after } = change;
    if (after === undefined || (before !== undefined && !asksForLogin(before))) return [];
    if (asksForLogin(after) || plan.refersTo(change, "user_group_ids").length > 0) return [];
    return [{ address, what: `${plan.names.of(address)} asks nobody for a login` }];
  });
  return [...users, ...open];
}

function asksForLogin({ user_group_ids, auth_token }: Values): boolean {
  return texts(user_group_ids).length + texts(auth_token).filter((token) => token !== "").length > 0;
}

/** What an access string lets its user do: nothing while the user is off. */
function wordsOf(value: unknown): string[] {
  const words = typeof value === "string" ? value.split(/\s+/) : [];
  return words.includes("off") ? [] : words.filter((word) => word !== "" && !SWITCHES.includes(word));
}
