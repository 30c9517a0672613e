import type { Review, SameChanges } from "./review";
import { countsInWords, HEADED, HEADINGS, lookedAt, MARKS, order, printable } from "./wording";

/** A review for a pull request: what is risky in the open, the rest folded. */
export function asMarkdown(review: Review): string {
  const { stack = "plan", risks, modules, tainted, imports, newerVersions } = review;
  const risky = HEADED.filter((kind) => risks[kind].length > 0).flatMap((kind) => [
    `**${HEADINGS[kind]}**`,
    risks[kind].map(({ what }) => `- ${escaped(what)}`).join("\n"),
  ]);
  const folded = modules.map(({ name, changes }) => {
    const lines = changes.flatMap(formatChange).join("\n");
    return `<details><summary>${escaped(name)}: ${tally(changes)}</summary>\n\n${lines}\n\n</details>`;
  });
  const lines = [tainted, imports, newerVersions].map((all) => all.map(escaped).join("\n"));
  const parts = [`### ${escaped(stack)}: ${countsInWords(review)}`, ...risky, ...lines, ...folded, lookedAt(review)];
  const whole = format(parts);
  if (whole.length <= MOST_CHARACTERS) return whole;
  const names = modules.map(({ name, changes }) => `- ${escaped(name)}: ${tally(changes)}`).join("\n");
  const head = [`### ${escaped(stack)}: ${countsInWords(review)}`, ...risky, ...lines, names, lookedAt(review)];
  return cut(format([...head, "Details of modules are left out: a comment on GitHub takes no more characters."]));
}

/** GitHub refuses a longer comment, "Body is too long (maximum is 65536 characters)"; a workflow may put a heading above this one. */
const MOST_CHARACTERS = 65_000;

function format(parts: readonly string[]): string {
  return printable(`${parts.filter((part) => part !== "").join("\n\n")}\n`);
}

/** Whole lines up to the limit, and how many are left out. */
function cut(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const lines = text.split("\n");
  let [length, kept] = [100, 0];
  for (const line of lines) {
    length += line.length + 1;
    if (length > MOST_CHARACTERS) break;
    kept++;
  }
  const left = lines.length - kept;
  return `${lines.slice(0, kept).join("\n")}\n\n**${left} more lines are left out**: a comment on GitHub takes no more characters.\n`;
}

function tally(changes: readonly SameChanges[]): string {
  const counts = new Map<string, number>();
  for (const { action, others } of changes) {
    counts.set(MARKS[action], (counts.get(MARKS[action]) ?? 0) + 1 + others);
  }
  return [...counts].map(([mark, count]) => `${mark}${count}`).join(" ");
}

function formatChange(change: SameChanges): string[] {
  const { name, type, action, differences, others } = change;
  const inside = differences.map(({ argument, what, forcesReplacement }) => {
    return `  - ${code(argument)}: ${code(what)}${forcesReplacement ? " **replaces it**" : ""}`;
  });
  const kind = name.includes(type) ? "" : ` ${code(type)}`;
  const more = others === 0 ? "" : ` and ${others} more`;
  return [`- ${code(MARKS[action])} ${escaped(name)}${more}${order(change)}${kind}`, ...inside];
}

/** A value may hold anything: as code it says nothing to Markdown. */
function code(text: string): string {
  const fence = text.includes("`") ? "``" : "`";
  return fence.length === 1 ? `\`${text}\`` : `\`\` ${text} \`\``;
}

function escaped(text: string): string {
  return text.replaceAll(/[\\`*_<>[\]|~]/g, "\\$&");
}
