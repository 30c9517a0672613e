import { TRIALS } from "./measures/lost-updates";
import { ratio } from "./measures/throughput";
import { CONTENDERS } from "./programs";
import type { Results } from "./results";
import { isMet, type Target, targets } from "./targets";

type Row = readonly (string | number)[];

/** The tables, as Markdown. */
export function report(results: Results): string {
  return [
    `Measured ${results.at}. ${facts(results.machine)}.`,
    "## Throughput",
    throughput(results),
    "## Targets",
    table(["what", "measured", "must", "aim", "met"], targets(results).map(targetRow)),
    "## What a request costs at Redis",
    redisCost(results),
    "## More",
    more(results),
    "## Versions",
    facts(results.versions),
  ].join("\n\n");
}

function throughput({ rates }: Results): string {
  const rows = CONTENDERS.map(({ key, name }) => {
    const { perSecond, cpu } = rates[key];
    const rate = (["koa", "layer"] as const).map((other) => ratio(rates, key, other).toFixed(2));
    const cost = (["koa", "layer"] as const).map((other) => ratio(rates, other, key, "cpu").toFixed(2));
    return [name, Math.round(perSecond), ...rate, Math.round(cpu), ...cost];
  });
  const head = [
    "server",
    "req/s",
    "of plain Koa",
    "of our layer",
    "CPU µs/request",
    "Koa's / its",
    "our layer's / its",
  ];
  return table(head, rows);
}

function targetRow(target: Target): Row {
  const { what, value, must, aim, unit = "" } = target;
  const shown = (n: number | undefined) => (n === undefined ? "" : `${Number(n.toFixed(2))}${unit && ` ${unit}`}`);
  return [what, shown(value), shown(must), shown(aim), isMet(target) ? "yes" : "NO"];
}

function redisCost({ redis, core, lost }: Results): string {
  const rows = CONTENDERS.flatMap(({ key, name }): Row[] => {
    const cost = redis[key];
    if (cost === undefined) return [];
    const { fields = "", counted = "" } = lost[key] ?? {};
    const { plain = Number.NaN, tls = Number.NaN } = core[key] ?? {};
    const carried = [plain, tls].map((perSecond) => Math.round(perSecond));
    return [[name, cost.trips, cost.commands, cost.ran, ...carried, fields, counted]];
  });
  const writers = `lost in ${TRIALS} trials of two writers`;
  const carried = ["visits/s of one core", "by TLS"];
  return table(
    ["server", "trips", "commands", "ran in Redis", ...carried, writers, `counted of ${TRIALS} in parallel`],
    rows,
  );
}

function more({ bytes, latency, memory, start, bundle, synth, testSeconds }: Results): string {
  const mb = (n: number | undefined) => `${((n ?? 0) / 1e6).toFixed(1)} MB`;
  const rows: Row[] = [];
  for (const { key, name } of CONTENDERS) {
    const found = latency[key];
    if (found !== undefined) {
      rows.push([`${name}: at ${found.perSecond}/s`, `p50 ${found.p50.toFixed(2)} ms, p99 ${found.p99.toFixed(2)} ms`]);
    }
    const began = start[key];
    if (began !== undefined) rows.push([`${name}: start to first 200`, `${Math.round(began)} ms`]);
  }
  for (const key of ["layer", "app"] as const) {
    const { session, byHand } = bytes[key];
    rows.push([`bytes a session, ${key}`, `${session}; the same attributes by hand ${byHand}`]);
    const run = memory[key];
    if (run === undefined) continue;
    const heap = `heap ${mb(run.heap[1])} after a fifth, ${mb(run.heap.at(-1))} at the end, RSS ${mb(run.rss.at(-1))}`;
    rows.push([`${run.requests} requests, ${run.sessions} sessions, ${key}`, heap]);
  }
  rows.push(["bundle", `${mb(bundle.bytes)}, ${mb(bundle.gzip)} gzipped`]);
  if (synth) rows.push(["synth; bare import", `${Math.round(synth.synth)} ms; ${Math.round(synth.bareImport)} ms`]);
  if (testSeconds !== undefined) rows.push(["npm test", `${testSeconds.toFixed(0)} s`]);
  return table(["what", "measured"], rows);
}

function facts(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function table(head: readonly string[], rows: readonly Row[]): string {
  const all = [head, ...rows].map((row) => row.map(String));
  const widths = head.map((_, i) => Math.max(...all.map((row) => (row[i] ?? "").length)));
  const lines = all.map((row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`);
  lines.splice(1, 0, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`);
  return lines.join("\n");
}
