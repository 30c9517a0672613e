import { matchesPattern } from "../terraform/wildcards";
import CATEGORIES from "./effects/redis-categories.json";
import { groupBy } from "./group-by";

/** Commands by category, as `ACL CAT` of Redis 7.0 lists them. */
const COMMANDS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(CATEGORIES).map(([category, commands]) => [category, new Set(commands.split(" "))]),
);
const ALL: ReadonlySet<string> = new Set([...COMMANDS.values()].flatMap((commands) => [...commands]));
/** Subcommands by their command: `client|list` is one of `client`. */
const SUBCOMMANDS = groupBy(
  [...ALL].filter((command) => command.includes("|")),
  (command) => command.split("|")[0],
);

/**
 * The rights of a Redis user.
 *
 * @see https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Clusters.RBAC.html
 */
export interface Rights {
  readonly isOn: boolean;
  readonly commands: ReadonlySet<string>;
  /** Patterns of keys that may be read and written, or one of both: `~app:*`, `%R~app:*`. */
  readonly keys: readonly string[];
  /** Patterns of channels. */
  readonly channels: readonly string[];
}

/** Reads an access string from left to right, as Redis does: a later word takes precedence. */
export function readAccessString(text: string): Rights {
  const commands = new Set<string>();
  let [isOn, keys, channels]: [boolean, string[], string[]] = [false, [], []];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const lower = word.toLowerCase();
    if (lower === "on" || lower === "off") isOn = lower === "on";
    else if (lower === "allkeys") keys = ["~*"];
    else if (lower === "resetkeys") keys = [];
    else if (lower === "allchannels") channels = ["&*"];
    else if (lower === "resetchannels") channels = [];
    else if (lower === "reset") [isOn, keys, channels] = [false, [], []];
    if (lower === "reset" || lower === "nocommands") commands.clear();
    else if (lower === "allcommands") for (const one of ALL) commands.add(one);
    else if (/^[~%]/.test(word)) keys.push(word);
    else if (word.startsWith("&")) channels.push(word);
    else if (/^[+-]/.test(word)) changeCommands(commands, lower);
  }
  return { isOn, commands, keys, channels };
}

function changeCommands(commands: Set<string>, word: string): void {
  const named = word.slice(1);
  const some = named === "@all" ? ALL : named.startsWith("@") ? COMMANDS.get(named.slice(1)) : withParts(named);
  for (const one of some ?? []) {
    if (word.startsWith("+")) commands.add(one);
    else commands.delete(one);
  }
}

/** A command with its subcommands: `+client` gives `client|list` too. */
function withParts(command: string): string[] {
  return [command, ...(SUBCOMMANDS.get(command) ?? [])];
}

/** Patterns of `some` that none of `others` covers. */
export function uncovered(some: readonly string[], others: readonly string[]): string[] {
  return some.filter((pattern) => !others.some((other) => coversKeys(other, pattern)));
}

function coversKeys(one: string, other: string): boolean {
  const [may, pattern] = split(one);
  const [needs, text] = split(other);
  return [...needs].every((right) => may.includes(right)) && matchesPattern(pattern, text);
}

/** `%R~app:*` is read alone, `~app:*` both. */
function split(pattern: string): readonly [rights: string, pattern: string] {
  const [, rights, rest] = /^%([RW]+)~(.*)$/i.exec(pattern) ?? [];
  return rights === undefined || rest === undefined ? ["RW", pattern.slice(1)] : [rights.toUpperCase(), rest];
}
