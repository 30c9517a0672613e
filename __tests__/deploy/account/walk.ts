import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Writable } from "node:stream";
import type { StrictAws } from "../aws-double/start";
import { type Account, cycle, type Outcome } from "../cycle";
import type { Variant } from "../variants";
import { compareStates, countFields, type Difference, withoutIds } from "./compare";

/** How a variant went in an account and on the local AWS, and where the two differ. */
export interface AccountReport {
  readonly stack: string;
  readonly variant: string;
  readonly passed: boolean;
  readonly local: Outcome;
  /** Left out when the local AWS failed, or it was interrupted: nothing was deployed to the account. */
  readonly account?: Outcome;
  /** How many fields of the account's answers were compared. */
  readonly fields: number;
  readonly differences: readonly Difference[];
}

/** The account, and how it is gone through there. */
export interface AccountWalk {
  /** Folder for all it writes, states included. */
  readonly work: string;
  readonly aws: StrictAws;
  /** Ends it early; its resources in the account are destroyed all the same. */
  readonly signal: AbortSignal;
  readonly use: Account["use"];
  readonly progress: (line: string) => void;
  /** Folder of the synthesized stack. @default - the variant's */
  readonly synthesized?: string;
}

/** Deploys, uses and destroys a variant on a local AWS, then in an account, and compares what was answered. Never throws. */
export async function walkInAccount(variant: Variant, walk: AccountWalk): Promise<AccountReport> {
  const { work, aws, signal, use, progress, synthesized } = walk;
  const { stack, name } = variant;
  let [here, there] = ["{}", "{}"];
  const options = (side: string) => ({
    ...{ work: path.join(work, side), twice: false, ...(synthesized !== undefined && { synthesized }) },
    progress: (line: string) => progress(`${side}: ${line}`),
    signal,
  });
  // Other runs show use, rotations and drills on the local AWS; the account has visitors of its own.
  const { used: _, rotations: __, drills: ___, appliedEdits: ____, ...deployed } = variant;
  const applied = (json: string) => {
    here = json;
  };
  const local = await cycle(deployed, { ...options("local"), applied });
  if (local.failure !== undefined || signal.aborted) {
    return { stack, variant: name, passed: false, local, fields: 0, differences: [] };
  }
  const account = await cycle(deployed, {
    ...options("account"),
    account: { aws, use },
    applied: (json) => {
      there = json;
    },
  });
  return {
    ...{ stack, variant: name, passed: account.failure === undefined, local, account },
    fields: countFields(there),
    differences: there === "{}" ? [] : compareStates(there, here),
  };
}

/**
 * Does something that Ctrl-C, a closed terminal and `kill` interrupt: it is told by its signal, and ends by itself.
 *
 * @param walk - gets the signal, and what tells people how far it is.
 */
export async function untilInterrupted<T>(
  { output }: { readonly output: Writable },
  walk: (signal: AbortSignal, progress: AccountWalk["progress"]) => Promise<T>,
): Promise<T> {
  const progress = (line: string) => void output.write(`${line}\n`);
  const controller = new AbortController();
  const interrupt = () => {
    progress("interrupted: the resources in the account are destroyed first");
    controller.abort(new Error("interrupted"));
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, interrupt);
  try {
    return await walk(controller.signal, progress);
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** Writes `aws-<stack>-<variant>.md` and `.json`, without ids of the account. @returns the Markdown. */
export function writeAccountReport(report: AccountReport, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const markdown = withoutIds(`${sections(report).join("\n\n")}\n`);
  const file = path.join(folder, `aws-${report.stack}-${report.variant}`);
  writeFileSync(`${file}.md`, markdown);
  writeFileSync(`${file}.json`, `${withoutIds(JSON.stringify(report, null, 2))}\n`);
  return markdown;
}

function sections({ stack, variant, passed, local, account, fields, differences }: AccountReport): string[] {
  const sides = [{ side: "local AWS", outcome: local }, ...(account ? [{ side: "account", outcome: account }] : [])];
  const steps = sides.flatMap(({ side, outcome }) =>
    outcome.steps.map(({ name, seconds }) => [side, name, String(seconds)]),
  );
  const failures = sides.flatMap(({ side, outcome: { failure } }) =>
    failure === undefined ? [] : [`## ${side} failed\n\n\`\`\`\n${failure}\n\`\`\``],
  );
  const code = (value: string | undefined) => (value === undefined ? "" : `\`${value.replaceAll("|", "\\|")}\``);
  const rows = differences.map((one) => [one.address, one.attribute, code(one.account), code(one.local)]);
  const used = account?.used;
  return [
    `# ${stack} ${variant} in an AWS account: ${passed ? "whole" : "falls short"}`,
    ...(account === undefined ? ["Nothing was deployed to the account."] : []),
    ...failures,
    table(["where", "step", "s"], steps),
    ...(used === undefined ? [] : [`Used as deployed: ${used.skipped ?? used.did.join(", ")}.`]),
    `${fields} fields of the account's answers are compared with the local AWS', ids and secrets taken out; ${differences.length} differ.`,
    ...(rows.length === 0 ? [] : [table(["resource", "attribute", "account", "local AWS"], rows)]),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
