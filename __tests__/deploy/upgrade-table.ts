import { readFileSync } from "node:fs";
import path from "node:path";
import { listKinds, type Planned } from "./planned-changes";

const PAGE = path.join(__dirname, "..", "..", "docs", "upgrades.md");
/** In a row where no setting tells it, or none that synthesis could hold against a state. */
const UNSAID = "not known at synth";

/** A row of docs/upgrades.md: what an edit does, and what becomes of sessions. */
export interface UpgradePromise {
  readonly edit: string;
  /** Settings that are edited. */
  readonly settings: readonly string[];
  /** Kinds of changes the plan shows, each of them and no other; `*` at an end stands for any text. */
  readonly plan: readonly string[];
  /** Begins with `kept` where no session is lost. */
  readonly sessions: string;
  /** Begins with `nothing` where no visitor notices it while it is applied. */
  readonly meanwhile: string;
}

/** Reads the promises of a page: its one table that begins with an edit. */
export function parsePromises(markdown: string): readonly UpgradePromise[] {
  return parseTable(markdown, "edit").map(([edit = "", setting = "", , plan = "", sessions = "", meanwhile = ""]) => ({
    edit,
    settings: codesIn(setting),
    plan: codesIn(plan),
    sessions,
    meanwhile,
  }));
}

export function readPromises(): readonly UpgradePromise[] {
  return parsePromises(readUpgrades());
}

/** docs/upgrades.md. */
export function readUpgrades(): string {
  return readFileSync(PAGE, "utf8");
}

/** Cells of a page's one table whose first column is called so, row by row. @throws when there is none. */
export function parseTable(markdown: string, firstColumn: string): readonly (readonly string[])[] {
  const lines = markdown.split("\n");
  const first = lines.findIndex((line) => line.startsWith(`| ${firstColumn} |`)) + 2;
  if (first < 2) throw new Error(`got no table with the column ${firstColumn} first`);
  const length = lines.slice(first).findIndex((line) => !line.startsWith("|"));
  return lines.slice(first, first + length).map((line) =>
    line
      .split("|")
      .slice(1)
      .map((cell) => cell.trim()),
  );
}

function codesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
}

/** The ways in which a plan breaks a promise; none when it keeps the promise. */
export function brokenBy(promise: UpgradePromise, planned: Planned, warnings: readonly string[]): string[] {
  return [
    ...changesAgainst(promise, planned),
    ...lossesAgainst(promise, planned),
    ...interruptionsAgainst(promise, planned),
    ...silence(promise, warnings),
  ];
}

/** The review does not know which zones the nodes of a cache are in, and warns for each. */
const FALSE_ALARM = /AWS refuses that while a cache node is there/;

function interruptionsAgainst({ plan, meanwhile }: UpgradePromise, { interrupted }: Planned): string[] {
  if (plan.length === 0 || meanwhile === "") return [];
  if (meanwhile.startsWith("nothing")) {
    return interrupted
      .filter((what) => !FALSE_ALARM.test(what))
      .map((what) => `promised: nothing meanwhile; the review says: ${what}`);
  }
  return interrupted.length > 0 ? [] : [`promised: ${meanwhile}; the review of the plan says nothing of it`];
}

function changesAgainst({ plan }: UpgradePromise, { changes }: Planned): string[] {
  const kinds = listKinds(changes);
  const more = kinds.filter((kind) => !plan.some((pattern) => matches(pattern, kind)));
  const missing = plan.filter((pattern) => !kinds.some((kind) => matches(pattern, kind)));
  return [
    ...more.map((kind) => `not promised: ${kind}`),
    ...missing.map((pattern) => `promised, and not in the plan: ${pattern}`),
  ];
}

function matches(pattern: string, kind: string): boolean {
  return pattern.endsWith("*") ? kind.startsWith(pattern.slice(0, -1)) : kind === pattern;
}

function lossesAgainst({ sessions }: UpgradePromise, { lost }: Planned): string[] {
  const kept = sessions.startsWith("kept");
  if (kept) return lost.map((what) => `promised: sessions are kept; the review says: ${what}`);
  return lost.length > 0 ? [] : [`promised: ${sessions}; the review of the plan says nothing of it`];
}

/** The warnings that are missing: a deploy that loses sessions is announced before the plan, with the name of the setting. */
function silence({ settings, sessions }: UpgradePromise, warnings: readonly string[]): string[] {
  const about = warnings.filter((line) => settings.some((key) => line.includes(` ${key}: deployed is `)));
  if (sessions.startsWith("kept")) return about.map((line) => `promised: sessions are kept; synthesis says: ${line}`);
  if (sessions.includes(UNSAID)) return [];
  return about.length > 0 ? [] : [`synthesis does not warn of ${settings.join(", ")}`];
}
