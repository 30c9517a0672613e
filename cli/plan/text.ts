import type { Review, SameChanges } from "./review";
import { countsInWords, HEADED, HEADINGS, lookedAt, MARKS, order, printable } from "./wording";

/** A review for a terminal. */
export function asText(review: Review): string {
  const { stack = "plan", risks, modules, tainted, imports, newerVersions } = review;
  const risky = HEADED.filter((kind) => risks[kind].length > 0).map((kind) =>
    [HEADINGS[kind].toUpperCase(), ...risks[kind].map(({ what }) => `  ${what}`)].join("\n"),
  );
  const changed = modules.map(({ name, changes }) => [name, ...changes.flatMap(formatChange)].join("\n"));
  const parts = [
    `${stack}: ${countsInWords(review)}`,
    ...risky,
    tainted.join("\n"),
    imports.join("\n"),
    newerVersions.join("\n"),
    ...changed,
    lookedAt(review),
  ];
  return printable(`${parts.filter((part) => part !== "").join("\n\n")}\n`);
}

function formatChange(change: SameChanges): string[] {
  const { name, type, action, differences, others } = change;
  const inside = differences.map(({ argument, what, forcesReplacement }) => {
    return `      ${argument}: ${what}${forcesReplacement ? "  (replaces it)" : ""}`;
  });
  const more = others === 0 ? "" : ` and ${others} more`;
  return [`  ${MARKS[action]} ${name}${more}${order(change)}${name.includes(type) ? "" : `  ${type}`}`, ...inside];
}
