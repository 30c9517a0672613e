import type { Review, ReviewedChange } from "./review";
import type { Kind } from "./risk";

/** What each kind of risk is headed by, and what is said when there is none. */
export const HEADINGS: Readonly<Record<Kind, readonly [some: string, none: string]>> = {
  sessions: ["Loses sessions", "loses no session"],
  ports: ["Opens a port", "opens no port"],
  roles: ["Widens a role", "widens no role"],
  interruptions: ["Interrupts", "interrupts nobody"],
};

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
export function countsInWords({ counts, tagsOnly, moved }: Review): string {
  const actions = Object.keys(DONE) as ReviewedChange["action"][];
  const parts = actions.filter((action) => counts[action] > 0).map((action) => `${counts[action]} ${DONE[action]}`);
  if (moved > 0) parts.push(`${moved} at another address`);
  if (tagsOnly > 0) parts.push(`${tagsOnly} with other tags alone`);
  return parts.length === 0 ? "nothing changes" : parts.join(", ");
}

/** What is not to be feared, as one sentence; empty when there is something of each kind. */
export function withoutRisk({ risks }: Review): string {
  const none = (Object.keys(HEADINGS) as Kind[]).filter((kind) => risks[kind].length === 0);
  const words = none.map((kind) => HEADINGS[kind][1]).join(", ");
  return words === "" ? "" : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

/** How a replaced resource is replaced. */
export function order({ action, createsFirst }: ReviewedChange): string {
  return action === "replace" ? (createsFirst ? ", the new one first" : ", the old one first") : "";
}
