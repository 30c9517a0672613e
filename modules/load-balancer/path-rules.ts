import { createHash } from "node:crypto";
import type { Construct } from "constructs";
import { checkText, type TextForm, ValidationError } from "../validation";
import { SERVICE_KEY } from "./service-key";
import type { TargetGroup } from "./target-group";

/** Sends requests for some paths to another target group. */
export interface PathRule {
  /**
   * Name of the rule among the others: letters, digits and hyphens. The rule's address and priority depend on it alone, so further
   * rules change neither.
   */
  readonly key: string;
  /**
   * Patterns for the path of a request, case sensitive. `*` matches zero or more characters, `?` exactly one. 1 to 5 patterns with
   * 5 wildcards in all. `/1/*` does not match `/1`. Two rules must not match the same path.
   */
  readonly paths: readonly string[];
  /** Target group of those requests. */
  readonly target: TargetGroup;
}

/**
 * Quotas of a load balancer. AWS raises the number of rules only.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
 */
const MAX_RULES = 100;
const MAX_PATHS = 5;
/** The page on quotas says 6, the page on conditions 5. Both allow 5. */
const MAX_WILDCARDS = 5;
const MAX_PRIORITY = 50_000;

const PATH: TextForm = {
  pattern: /^\/[A-Za-z0-9_\-.$/~"'@:+*?]{0,127}$/,
  allowed: `a / and at most 127 letters, digits and _ - . $ / ~ " ' @ : + * ?`,
  fix: `write it like "/admin/*"`,
  atSynth: true,
};

/**
 * The priority of a rule, a hash of its key. No two rules match the same path, so their order has no effect. The priority must only be
 * unique and constant.
 */
export function hashPriority({ key }: PathRule): number {
  return 1 + (createHash("sha256").update(key).digest().readUInt32BE(0) % MAX_PRIORITY);
}

/** @throws when a rule is malformed or too long, or a path matches two rules. */
export function checkPathRules(scope: Construct, rules: readonly PathRule[]): void {
  if (rules.length > MAX_RULES) {
    throw new ValidationError(scope, {
      what: "pathRules",
      got: `${rules.length} rules`,
      allowed: `at most ${MAX_RULES}`,
      fix: "put paths of one target into one rule, or take a second load balancer",
    });
  }
  for (const rule of rules) checkRule(scope, rule);
  rules.forEach((rule, index) => {
    for (const earlier of rules.slice(0, index)) checkApart(scope, earlier, rule);
  });
}

function checkRule(scope: Construct, { key, paths }: PathRule): void {
  const what = `pathRules: ${key}`;
  checkText(scope, "pathRules: key", key, {
    ...SERVICE_KEY,
    fix: `name what the rule is for, as in "admin"`,
  });
  if (paths.length === 0 || paths.length > MAX_PATHS) {
    throw new ValidationError(scope, {
      what,
      got: `${paths.length} paths`,
      allowed: `1 to ${MAX_PATHS} a rule`,
      fix: "spread them over rules of their own, with the same target",
    });
  }
  for (const path of paths) checkText(scope, what, path, PATH);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new ValidationError(scope, {
      what,
      got: `${twice} twice`,
      allowed: "each path once",
      fix: "take one of them out",
    });
  }
  const wildcards = paths.join("").replaceAll(/[^*?]/g, "").length;
  if (wildcards > MAX_WILDCARDS) {
    throw new ValidationError(scope, {
      what,
      got: `${wildcards} wildcards`,
      allowed: `at most ${MAX_WILDCARDS} a rule`,
      fix: "spread the paths over rules of their own, with the same target",
    });
  }
}

function checkApart(scope: Construct, one: PathRule, other: PathRule): void {
  if (one.key === other.key) {
    throw new ValidationError(scope, {
      what: "pathRules: key",
      got: `${one.key} twice`,
      allowed: "each key once",
      fix: "give one of the rules another key",
    });
  }
  if (hashPriority(one) === hashPriority(other)) {
    throw new ValidationError(scope, {
      what: "pathRules: key",
      got: `${one.key} and ${other.key}, which have the same priority (${hashPriority(one)})`,
      allowed: "keys whose hashes differ",
      fix: "give the newer rule another key",
    });
  }
  for (const first of one.paths) {
    const second = other.paths.find((path) => overlaps(first, path));
    if (second === undefined) continue;
    throw new ValidationError(scope, {
      what: "pathRules",
      got: `${first} (${one.key}) and ${second} (${other.key}), which some path matches both`,
      allowed: "paths that one rule alone matches",
      fix: "narrow one of them",
    });
  }
}

/** Whether a text exists that matches both patterns. Compares the rests of both for each pair of positions, from their ends. */
function overlaps(a: string, b: string): boolean {
  /** The results for the next position of `a`, by position of `b`. */
  let behind: boolean[] = [];
  for (let i = a.length; i >= 0; i--) {
    const here: boolean[] = [];
    for (let j = b.length; j >= 0; j--)
      here[j] = matches(a[i], b[j], { i: behind[j], j: here[j + 1], both: behind[j + 1] });
    behind = here;
  }
  return behind[0] ?? false;
}

/** @param further - whether the rests match one position further in the first pattern, the second, or both. */
function matches(
  left: string | undefined,
  right: string | undefined,
  further: Readonly<Record<"i" | "j" | "both", boolean | undefined>>,
): boolean {
  if (left === undefined && right === undefined) return true;
  // A star ends here, or matches one more character of the other pattern.
  if (left === "*" || right === "*") return (further.i ?? false) || (further.j ?? false);
  if (left === undefined || right === undefined) return false;
  return (left === right || left === "?" || right === "?") && (further.both ?? false);
}
