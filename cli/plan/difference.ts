import { isDeepStrictEqual } from "node:util";
import type { Value } from "../terraform/configuration";
import { list, parseStatements, type Statement } from "../terraform/iam-statement";
import { secretIn } from "../terraform/secret-text";
import type { Change } from "./change";
import type { Plan } from "./plan";

/** A changed argument of a resource, or of a block in it. */
export interface Difference {
  /** Path of the argument, as in `root_block_device.0.volume_size`. */
  readonly argument: string;
  /** The change, as in `a -> b`; for a long or secret value, only that it changes. */
  readonly what: string;
  /** Whether the argument forces a replacement of the resource. */
  readonly forcesReplacement: boolean;
}

const TAGS = ["tags", "tags_all"];
/** Names of arguments whose values are never shown, also when the provider does not mark them as sensitive. */
const SECRET_NAME =
  /pass(word|wd|phrase|code)|(^|_)(pass|pwd|pw|pin|salt|hmac|jwt)($|_)|secret|token|credential|(private|api|access|account|auth|cipher|client|crypt|cookie|encryption|master|session|shared|signature|signing)_?key($|[^a-z])/i;
/** Environment variables of functions and containers. Their values can be secrets, so none is shown. */
const ENVIRONMENT = /^environment(_variables)?\./;
/** Values that are no secrets: ARNs, as references to secrets, and version numbers. */
const NO_SECRET = /^(arn:aws[\w-]*:.*|\d+|true|false)$/;
/** Arguments that contain a script. */
const SCRIPTS = ["user_data", "user_data_base64"];
const LONGEST_SHOWN = 80;

/** The differences of a resource that is changed or replaced, without those of its tags. */
export function findDifferences(plan: Plan, change: Change): Difference[] {
  const { before, after, replacedFor } = change;
  if (before === undefined || after === undefined || change.action === "none") return [];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after), ...replacedFor])].sort();
  return names
    .filter((name) => !TAGS.includes(name))
    .flatMap((argument) => {
      const forcesReplacement = replacedFor.includes(argument);
      return inArgument(plan, change, argument).map((one) => ({ ...one, forcesReplacement }));
    });
}

/** Whether a change is of tags alone. */
export function isTagsOnly(plan: Plan, change: Change): boolean {
  const { action, before, after } = change;
  const retagged = TAGS.some((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
  return action === "update" && retagged && findDifferences(plan, change).length === 0;
}

type Found = Omit<Difference, "forcesReplacement">;

function inArgument(plan: Plan, change: Change, argument: string): Found[] {
  const [was, is, unknown] = [change.before?.[argument], change.after?.[argument], change.unknown[argument]];
  if (unknown === true) {
    // A computed attribute that the configuration does not set is no difference.
    const written = change.replacedFor.includes(argument) || plan.refersTo(change, argument).length > 0;
    return written ? [{ argument, what: "known after apply" }] : [];
  }
  const hidden = change.sensitive.map((marks) => valueAt(marks, argument));
  return between(argument, was, is, { hidden, unknown, isReplaced: change.action === "replace" });
}

interface Marks {
  /** Marks before and after: true for a sensitive value, else the marks of the values in it. */
  readonly hidden: readonly (Value | undefined)[];
  readonly unknown: Value | undefined;
  readonly isReplaced: boolean;
}

function between(argument: string, was: Value | undefined, is: Value | undefined, marks: Marks): Found[] {
  if (isDeepStrictEqual(was, is) || (isEmpty(was) && isEmpty(is))) return [];
  if (marks.unknown === true) return [];
  // A replacement gets new values for arguments that the configuration does not set.
  if (marks.isReplaced && isEmpty(is)) return [];
  if (marks.hidden.includes(true)) return [{ argument, what: "another value (sensitive)" }];
  const name = argument.split(".").at(-1) ?? argument;
  if (SCRIPTS.includes(name)) return [{ argument, what: inScript(was, is) }];
  if (isList(was) && isList(is) && [...was, ...is].every(isScalar)) return [{ argument, what: inList(was, is) }];
  if (isList(was) && isList(is) && (was.length > 1 || is.length > 1)) return [{ argument, what: inBlocks(was, is) }];
  if (isObject(was) && isObject(is)) {
    const found = [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) => {
      const hidden = marks.hidden.map((mark) => valueAt(mark, key));
      const inner = { ...marks, hidden, unknown: valueAt(marks.unknown, key) };
      return between(`${argument}.${key}`, valueAt(was, key), valueAt(is, key), inner);
    });
    // An empty block can have a meaning, as `block {}` of a firewall rule.
    const isBlockMore = isList(was) && isList(is) && was.length !== is.length;
    return found.length === 0 && isBlockMore ? [{ argument, what: inBlocks(was, is) }] : found;
  }
  return inText(argument, name, was, is);
}

function inText(argument: string, name: string, was: Value | undefined, is: Value | undefined): Found[] {
  const [from, to] = [shown(was), shown(is)];
  if (ENVIRONMENT.test(argument)) return [{ argument, what: inVariable(was, is) }];
  if (name === "access_string") return [{ argument, what: inSet(from.split(/\s+/), to.split(/\s+/)) }];
  const isJson = [from, to].map(parsed);
  if (isJson.every((json) => json !== undefined)) {
    if (isDeepStrictEqual(isJson[0], isJson[1])) return [];
    return [{ argument, what: inPolicy(from, to) ?? "another document" }];
  }
  if ([from, to].some((text) => isSecret(name, text))) return [{ argument, what: "another value (masked)" }];
  const isLong = [from, to].some((text) => text.length > LONGEST_SHOWN || text.includes("\n"));
  return [{ argument, what: isLong ? "another value (long)" : `${from} -> ${to}` }];
}

function inVariable(was: Value | undefined, is: Value | undefined): string {
  if (isEmpty(was)) return "set (masked)";
  return isEmpty(is) ? "no longer set" : "another value (masked)";
}

/** The removed and added items of two sets, in full, because a reader has to see each permission. */
function inSet(was: readonly string[], is: readonly string[]): string {
  // In an access string, these characters begin a password or its hash.
  const said = (item: string) => (/^[<>#!]/.test(item) ? `${item.charAt(0)}(masked)` : masked(item));
  const gone = was.filter((item) => !is.includes(item)).map((item) => `-${said(item)}`);
  const come = is.filter((item) => !was.includes(item)).map((item) => `+${said(item)}`);
  return [...gone, ...come].join(" ") || "another order";
}

/** Compares two policies as sets of allowed and denied actions; undefined for documents that are no policies. */
function inPolicy(was: string, is: string): string | undefined {
  const [from, to] = [was, is].map((text) => parseStatements(text).flatMap(rightsIn));
  if (from === undefined || to === undefined || from.length + to.length === 0) return undefined;
  const [gone, come] = [from.filter((one) => !to.includes(one)), to.filter((one) => !from.includes(one))];
  if (gone.length + come.length > MOST_RIGHTS) return `${gone.length} rights go, ${come.length} come`;
  return inSet(gone, come) === "another order" ? "another document" : inSet(gone, come);
}
const MOST_RIGHTS = 12;

function rightsIn(statement: Statement): string[] {
  const { Effect, Action, NotAction, Resource, NotResource, Principal, Condition } = statement;
  const but = (items: readonly string[]) => items.map((item) => `not ${item}`);
  const resources = [...list(Resource), ...but(list(NotResource))];
  const who =
    Principal === undefined ? "" : ` to ${typeof Principal === "string" ? Principal : JSON.stringify(Principal)}`;
  const when = Condition === undefined ? "" : ` if ${JSON.stringify(Condition)}`;
  return [...list(Action), ...but(list(NotAction))].flatMap((action) =>
    (resources.length > 0 ? resources : [""]).map((resource) => {
      const on = resource === "" ? "" : ` on ${resource}`;
      return `(${Effect === "Allow" ? "" : `${Effect} `}${action}${on}${who}${when})`;
    }),
  );
}

/** The number of removed and added lines of a script. The provider stores some scripts as a hash only. */
function inScript(was: Value | undefined, is: Value | undefined): string {
  const [from, to] = [readScriptLines(was), readScriptLines(is)];
  if (from === undefined || to === undefined) return "another script";
  const gone = from.filter((line) => !to.includes(line)).length;
  const come = to.filter((line) => !from.includes(line)).length;
  return `another script: ${gone} lines go, ${come} come`;
}

function readScriptLines(script: Value | undefined): string[] | undefined {
  if (typeof script !== "string") return undefined;
  const text = script.startsWith("#!") ? script : Buffer.from(script, "base64").toString("utf8");
  return text.startsWith("#!") ? text.split("\n") : undefined;
}

function inList(was: readonly Value[], is: readonly Value[]): string {
  const gone = was.filter((item) => !is.includes(item)).map((item) => `-${masked(item)}`);
  const come = is.filter((item) => !was.includes(item)).map((item) => `+${masked(item)}`);
  const items = [...gone, ...come].join(" ");
  if (items === "") return "another order";
  return items.length > 2 * LONGEST_SHOWN ? `${gone.length} items go, ${come.length} come` : items;
}

/** Compares blocks, whose order has no meaning. Blocks with a name are compared by name. */
function inBlocks(was: readonly Value[], is: readonly Value[]): string {
  const missing = (from: readonly Value[], some: readonly Value[]) =>
    some.filter((item) => !from.some((one) => isDeepStrictEqual(one, item)));
  const [gone, come] = [missing(is, was), missing(was, is)];
  if (gone.length + come.length === 0) return "another order";
  const names = [gone, come].map((items) => items.map((item) => valueAt(item, "name")));
  if (!names.flat().every((name) => typeof name === "string")) return `${gone.length} blocks go, ${come.length} come`;
  const [before = [], after = []] = names;
  return [
    ...before.filter((name) => !after.includes(name)).map((name) => `-${name}`),
    ...after.filter((name) => !before.includes(name)).map((name) => `+${name}`),
    ...after.filter((name) => before.includes(name)).map((name) => `~${name}`),
  ].join(" ");
}

function masked(item: Value): string {
  const text = shown(item);
  return isSecret("", text) ? "(masked)" : text;
}

function isSecret(name: string, text: string): boolean {
  if (text === "not set" || NO_SECRET.test(text)) return false;
  return SECRET_NAME.test(name) || secretIn(text) !== undefined || secretIn(`${name}=${text}`) !== undefined;
}

function shown(value: Value | undefined): string {
  if (isEmpty(value)) return "not set";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function parsed(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isEmpty(value: Value | undefined): boolean {
  return value === undefined || value === null || value === "" || (isObject(value) && Object.keys(value).length === 0);
}

function isScalar(value: Value): boolean {
  return typeof value !== "object" || value === null;
}

function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value has members. Lists have them too, by number. */
function isObject(value: Value | undefined): value is Exclude<Value, string | number | boolean | null> {
  return typeof value === "object" && value !== null;
}

function valueAt(value: Value | undefined, key: string): Value | undefined {
  if (value === true) return true;
  return isObject(value) ? (value as Readonly<Record<string, Value>>)[key] : undefined;
}
