import ipaddr from "ipaddr.js";
import { matchesPattern } from "../../terraform/wildcards";
import { mayBeSame } from "./references";

/** One operator of a condition, on one key. */
export interface Condition {
  /** In lower case, without `IfExists`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  /** It holds for requests without the key, too. */
  readonly ifExists: boolean;
}

/** Reads a statement's `Condition`: all of its operators and keys must hold, one value of each is enough. */
export function parseConditions(condition: unknown): Condition[] {
  if (typeof condition !== "object" || condition === null) return [];
  return Object.entries(condition).flatMap(([written, keys]) => {
    const entries = Object.entries((keys ?? {}) as Readonly<Record<string, unknown>>);
    const operator = written.toLowerCase().replace(/ifexists$/, "");
    const ifExists = /ifexists$/i.test(written);
    // An operator without a key is a condition all the same.
    if (entries.length === 0) return [{ operator, ifExists, key: "", values: [] }];
    return entries.map(([key, values]) => ({
      operator,
      ifExists,
      key: key.toLowerCase(),
      values: [values].flat().map(String),
    }));
  });
}

/** Whether all that meets `narrow` meets `wide` too. */
export function implies(narrow: readonly Condition[], wide: readonly Condition[]): boolean {
  return wide.every((one) => narrow.some((other) => impliesOne(other, one)));
}

function impliesOne(narrow: Condition, wide: Condition): boolean {
  if (narrow.key !== wide.key || (narrow.ifExists && !wide.ifExists)) return false;
  const isInside = INSIDE[wide.operator];
  if (narrow.operator !== wide.operator && !IMPLIED[wide.operator]?.includes(narrow.operator)) return false;
  const [one, other] = wide.operator.includes("not") ? [wide, narrow] : [narrow, wide];
  const holds = isInside ?? isSame;
  return one.values.every((value) => other.values.some((pattern) => holds(value, pattern)));
}

/** Operators that are stricter than another on the same values. */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  stringlike: ["stringequals", "arnequals"],
  stringequalsignorecase: ["stringequals"],
  arnlike: ["arnequals", "stringequals", "stringlike"],
  arnequals: ["arnlike", "stringequals"],
  stringnotequals: ["stringnotlike"],
};

const like = (value: string, pattern: string) => matchesPattern(pattern, value) || mayBeSame(value, pattern);
const below = (value: string, bound: string) => comparable(value) <= comparable(bound);
const above = (value: string, bound: string) => comparable(value) >= comparable(bound);
const isSame = (value: string, other: string) => value === other || mayBeSame(value, other);
const isSameAnyCase = (value: string, other: string) => isSame(value.toLowerCase(), other.toLowerCase());

/** Whether the one value is inside of what the other takes, by operator. */
const INSIDE: Readonly<Record<string, (value: string, other: string) => boolean>> = {
  stringlike: like,
  stringnotlike: like,
  arnlike: like,
  arnequals: like,
  arnnotlike: like,
  arnnotequals: like,
  stringequalsignorecase: isSameAnyCase,
  bool: isSameAnyCase,
  null: isSameAnyCase,
  ipaddress: isInNetwork,
  notipaddress: isInNetwork,
  numericlessthan: below,
  numericlessthanequals: below,
  numericgreaterthan: above,
  numericgreaterthanequals: above,
  datelessthan: below,
  datelessthanequals: below,
  dategreaterthan: above,
  dategreaterthanequals: above,
};

function comparable(value: string): number {
  const number = Number(value);
  return Number.isNaN(number) ? Date.parse(value) : number;
}

function isInNetwork(value: string, network: string): boolean {
  const [inner, outer] = [value, network].map((one) =>
    one.includes("/") ? one : `${one}/${one.includes(":") ? 128 : 32}`,
  );
  if (inner === undefined || outer === undefined) return false;
  if (!ipaddr.isValidCIDR(inner) || !ipaddr.isValidCIDR(outer)) return isSame(value, network);
  const [[address, bits], [from, width]] = [ipaddr.parseCIDR(inner), ipaddr.parseCIDR(outer)];
  return address.kind() === from.kind() && bits >= width && address.match(from, width);
}
