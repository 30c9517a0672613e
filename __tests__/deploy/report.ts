import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CheckedCalls } from "./calls";
import type { Outcome } from "./cycle";

/** A variant that was gone through, from when to when: seconds since all began. */
export type GoneThrough = Outcome & { readonly began: number; readonly ended: number };

/** The results of one run of verify. */
export interface Report {
  readonly passed: boolean;
  readonly seconds: number;
  readonly machine: Readonly<Record<string, string | number>>;
  readonly variants: readonly GoneThrough[];
  /** Tests of the double, of this harness, of the package and of the public API; left out when not asked for. */
  readonly tests?: {
    readonly passed: number;
    readonly failed: number;
    readonly skipped: number;
    readonly seconds: number;
  };
  /** Actions that docs/deployer allows and no variant of the stack needs. */
  readonly excess: readonly string[];
  readonly skipped: readonly { readonly what: string; readonly why: string }[];
}

/** Writes `report.md` and `report.json`. @returns the Markdown. */
export function writeReport(report: Report, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const markdown = `${sections(report).join("\n\n")}\n`;
  writeFileSync(path.join(folder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(path.join(folder, "report.md"), markdown);
  return markdown;
}

function sections({ passed, seconds, machine, variants, tests, excess, skipped }: Report): string[] {
  const facts = Object.entries(machine).map(([name, value]) => `${name} ${value}`);
  return [
    `# Verification: ${passed ? "whole" : "falls short"}, ${seconds} s`,
    facts.join(" · "),
    ...(variants.length > 0 ? [timesTable(variants)] : []),
    ...variants.flatMap(({ stack, variant, failure }) =>
      failure === undefined ? [] : [`## ${stack} ${variant} failed\n\n\`\`\`\n${failure}\n\`\`\``],
    ),
    ...plansTable(variants),
    ...usedTable(variants),
    ...noticedTable(variants),
    ...callsTable(variants),
    ...(tests
      ? [
          `Tests of the double, the harness, the package and the public API: ${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped, ${tests.seconds} s.`,
        ]
      : []),
    ...(excess.length === 0
      ? []
      : [["docs/deployer allows what no variant needs:", "", ...excess.map((one) => `- ${one}`)].join("\n")]),
    skipped.length === 0
      ? "Nothing was skipped."
      : ["Skipped:", "", ...skipped.map(({ what, why }) => `- ${what}: ${why}`)].join("\n"),
    "The limits of a local double: docs/verification.md.",
  ];
}

const STEPS = [
  "synth",
  "init",
  "validate",
  "apply",
  "second plan",
  "copy plans the same",
  "used as deployed",
  "destroy",
  "apply again",
  "destroy again",
];

function timesTable(variants: readonly GoneThrough[]): string {
  const rows = variants.map(({ stack, variant, resources, began, ended, steps, failure }) => {
    const times = STEPS.map((name) => steps.find((step) => step.name === name)?.seconds ?? "");
    return [stack, variant, failure === undefined ? "whole" : "failed", resources, began, ended, ...times];
  });
  return table(
    ["stack", "variant", "", "resources", ...["began", "ended", ...STEPS].map((name) => `${name}, s`)],
    rows,
  );
}

function plansTable(variants: readonly Outcome[]): string[] {
  const rows = variants.flatMap(({ stack, variant, plans }) =>
    Object.entries(plans).map(([edit, changes]) => {
      const shown = changes.map(({ sign, address }) => `\`${sign} ${address}\``);
      return [stack, variant, edit, shown.join("<br>") || "no change"];
    }),
  );
  return rows.length === 0 ? [] : [table(["stack", "variant", "edit", "plan"], rows)];
}

function usedTable(variants: readonly Outcome[]): string[] {
  const rows = variants.flatMap(({ stack, variant, used }) =>
    used === undefined
      ? []
      : [[stack, variant, used.skipped ?? used.did.join(", "), used.standIns.map((one) => `- ${one}`).join("<br>")]],
  );
  return rows.length === 0 ? [] : [table(["stack", "variant", "used as deployed", "stand-ins"], rows)];
}

/** What docs/upgrades.md promises of each, held against it, is there. */
function noticedTable(variants: readonly Outcome[]): string[] {
  const rows = variants.flatMap(({ stack, variant, noticed }) =>
    noticed.map(({ what, requests, failed, uncounted, sessions, lost, loggedOut, longestMs, cleanMs, broken }) => [
      ...[stack, variant, what, `${failed} of ${requests}`, uncounted, `${lost} of ${sessions}`, loggedOut],
      ...[Math.round(longestMs), Math.round(cleanMs), broken.length === 0 ? "kept" : "broken"],
    ]),
  );
  const counts = ["requests failed", "requests not counted", "sessions lost", "visitors logged out"];
  const seen = [...counts, "longest answer, ms", "clean after, ms"];
  return rows.length === 0 ? [] : [table(["stack", "variant", "rotation or drill", ...seen, "promise"], rows)];
}

/** Held against AWS' own models; what is not as they have it has failed its variant. */
function callsTable(variants: readonly Outcome[]): string[] {
  if (variants.length === 0) return [];
  const row = (name: readonly string[], all: readonly CheckedCalls[]) => [
    ...name,
    all.reduce((sum, { calls }) => sum + calls, 0),
    new Set(all.flatMap(({ operations }) => operations)).size,
    all.reduce((sum, { values }) => sum + values, 0),
    all.reduce((sum, { findings }) => sum + findings.length, 0),
  ];
  const rows = variants.map(({ stack, variant, calls }) => row([stack, variant], [calls]));
  const total = row(
    ["all", ""],
    variants.map(({ calls }) => calls),
  );
  const head = ["stack", "variant", "calls to AWS", "operations", "values", "not as AWS' models have it"];
  return [table(head, [...rows, total])];
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
