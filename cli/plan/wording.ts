import type { Review, ReviewedChange } from "./review";
import type { Findings } from "./risk";

/** The heading of each kind of finding, in the order of the report. */
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

/** The number of resources for each kind of change, as one clause. */
export function countsInWords({ counts, tagsOnly, moved, imports }: Review): string {
  const actions = Object.keys(DONE) as ReviewedChange["action"][];
  const parts = actions.filter((action) => counts[action] > 0).map((action) => `${counts[action]} ${DONE[action]}`);
  if (imports.length > 0) parts.push(`${imports.length} imported`);
  if (moved > 0) parts.push(`${moved} at another address`);
  if (tagsOnly > 0) parts.push(`${tagsOnly} with other tags alone`);
  return parts.length === 0 ? "nothing changes" : parts.join(", ");
}

/** A sentence with the number of examined changes, and of those that no rule judges: their effect is unknown. */
export function lookedAt({ counts, tagsOnly, risks }: Review): string {
  const changes = Object.values(counts).reduce((sum, count) => sum + count, tagsOnly);
  const judged = "for lost sessions, opened ports, wider roles and interruptions";
  return `Looked at ${changes} ${changes === 1 ? "change" : "changes"} ${judged}; ${risks.unjudged.length} not judged.`;
}

/** The order of a replacement. */
export function order({ action, createsFirst }: ReviewedChange): string {
  return action === "replace" ? (createsFirst ? ", the new one first" : ", the old one first") : "";
}

/** Control characters, which can overwrite lines of a terminal, and marks of direction, which can reorder its text. */
const UNPRINTABLE = /[^\P{C}\n]/gu;

/** Text without characters that a terminal would execute. */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, "\uFFFD");
}
