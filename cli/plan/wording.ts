import type { Review, ReviewedChange } from "./review";
import type { Findings } from "./risk";

/** What each kind of finding is headed by, in the order they are told. */
export const HEADINGS: Readonly<Record<keyof Findings, string>> = {
  sessions: "Loses sessions",
  ports: "Opens a port",
  roles: "Widens a role",
  interruptions: "Interrupts",
  unjudged: "Not judged",
  notes: "Without an interruption",
};
/** The kinds of findings, in the order of their headings. */
export const HEADED = Object.keys(HEADINGS) as (keyof Findings)[];

/** The sign in front of a change, by its action. */
export const MARKS: Readonly<Record<ReviewedChange["action"], string>> = {
  create: "+",
  update: "~",
  replace: "±",
  delete: "-",
  forget: ".",
};

const DONE: Readonly<Record<ReviewedChange["action"], string>> = {
  create: "created",
  update: "changed in place",
  replace: "replaced",
  delete: "destroyed",
  forget: "no longer managed",
};

/** How many resources of each kind of change, as one clause. */
export function countsInWords({ counts, tagsOnly, moved, imports }: Review): string {
  const actions = Object.keys(DONE) as ReviewedChange["action"][];
  const parts = actions.filter((action) => counts[action] > 0).map((action) => `${counts[action]} ${DONE[action]}`);
  if (imports.length > 0) parts.push(`${imports.length} imported`);
  if (moved > 0) parts.push(`${moved} at another address`);
  if (tagsOnly > 0) parts.push(`${tagsOnly} with other tags alone`);
  return parts.length === 0 ? "nothing changes" : parts.join(", ");
}

/** What was looked at, and how much of it was judged, as one sentence: what no rule knows may do anything. */
export function lookedAt({ counts, tagsOnly, risks }: Review): string {
  const changes = Object.values(counts).reduce((sum, count) => sum + count, tagsOnly);
  const judged = "for lost sessions, opened ports, wider roles and interruptions";
  return `Looked at ${changes} ${changes === 1 ? "change" : "changes"} ${judged}; ${risks.unjudged.length} not judged.`;
}

/** How a replaced resource is replaced. */
export function order({ action, createsFirst }: ReviewedChange): string {
  return action === "replace" ? (createsFirst ? ", the new one first" : ", the old one first") : "";
}

/** Control characters write over a terminal's lines, and marks of direction over a reader's. */
const UNPRINTABLE = /[^\P{C}\n]/gu;

/** Text of which a terminal shows each character and obeys none. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, "\uFFFD");
}
