import type { Finding, Status } from "./finding";

/** Findings under one title. */
export interface Section {
  readonly title: string;
  readonly findings: readonly Finding[];
}

const ORDER: readonly Status[] = ["ok", "warn", "fail", "skipped"];
const WIDTH = Math.max(...ORDER.map((status) => status.length));

/** The number of findings by status. */
export function countByStatus(sections: readonly Section[]): Record<Status, number> {
  const all = sections.flatMap(({ findings }) => findings);
  const count = (status: Status) => all.filter((finding) => finding.status === status).length;
  return { ok: count("ok"), warn: count("warn"), fail: count("fail"), skipped: count("skipped") };
}

/** The report for people: one line for each finding, with the advice below it. */
export function asText(sections: readonly Section[]): string {
  const counts = countByStatus(sections);
  const total = ORDER.map((status) => `${counts[status]} ${status}`).join(", ");
  return `${sections.map(formatSection).join("\n")}\n${total}\n`;
}

function formatSection({ title, findings }: Section): string {
  const lines = findings.map(({ check, status, says, next }) => {
    const todo = next === undefined ? "" : `\n  ${" ".repeat(WIDTH)}  next: ${next}`;
    return `  ${status.padEnd(WIDTH)}  ${check}: ${says}${todo}\n`;
  });
  return `${title}\n${lines.join("")}`;
}

/** The report for programs. */
export function asJson(sections: readonly Section[]): string {
  return `${JSON.stringify({ ...countByStatus(sections), sections }, undefined, 2)}\n`;
}
