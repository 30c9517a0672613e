import { REGIONS } from "../cost/prices";
import { formatDollars, formatTable } from "../cost/table";
import { type Answer, CONNECTION_MEMORY, type Dollars, type Question, type Refusal, type Use } from "./choose";
import { sumCores } from "./load";
import { type Allocation, sum } from "./memory";

const MIB = 2 ** 20;

/** The answer for people: the arithmetic, then the choices side by side. */
export function formatAnswer(question: Question, answer: Answer): string {
  return [
    formatQuestion(question),
    formatMemory(question, answer),
    formatWork(answer),
    formatChoices(answer),
    formatServerless(question, answer),
    formatBest(question, answer),
  ].join("\n\n");
}

/** The answer for programs. Dollars are null where a price is unknown. */
export function toJson(question: Question, answer: Answer): string {
  const { memory, total, work, choices, refusals, serverless, best } = answer;
  const withDollars = <T extends { readonly dollars: Dollars }>(one: T) => ({ ...one, dollars: nullify(one.dollars) });
  const data = {
    question,
    memory: { session: sum(memory.session), index: sum(memory.index), tables: memory.tables, total },
    work,
    choices: choices.map(withDollars),
    refusals,
    serverless: withDollars(serverless),
    best: best === undefined ? null : { nodeType: best.nodeType, shards: best.shards ?? null, nodes: best.nodes },
  };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

function nullify(dollars: Dollars): object {
  return Object.fromEntries(REGIONS.map((region) => [region, dollars[region] ?? null]));
}

function formatQuestion({ sessions, requests, connections, replicas, engine }: Question): string {
  const { users, sessionsPerUser, attributes, bytes } = sessions;
  return [
    `${count(users)} users with ${plural(sessionsPerUser, "session")} of ${count(bytes)} bytes in ${plural(attributes, "attribute")},`,
    `${count(requests.perSecond)} requests a second of which ${percent(requests.writing)} change the session,`,
    `${count(connections)} connections, ${engine}, ${plural(replicas, "replica")}`,
  ].join("\n");
}

function formatMemory({ sessions, connections }: Question, { memory, total }: Answer): string {
  const { users, sessionsPerUser } = sessions;
  const [session, index] = [sum(memory.session), sum(memory.index)];
  const rows = [
    ...formatAllocations("a session", memory.session),
    ...formatAllocations("the index of a user's sessions", memory.index),
    ["in all", ""],
    [
      `  ${count(users * sessionsPerUser)} sessions x ${count(session)} bytes`,
      megabytes(users * sessionsPerUser * session),
    ],
    [`  ${count(users)} indexes x ${count(index)} bytes`, megabytes(users * index)],
    ["  tables of keys and of expiries", megabytes(memory.tables)],
    [
      `  ${count(connections)} connections x ${count(CONNECTION_MEMORY)} bytes, and Redis itself`,
      megabytes(total - memory.data),
    ],
    ["memory of a cache without cluster mode", megabytes(total)],
  ] as const;
  return alignRows(rows);
}

function formatAllocations(what: string, allocations: readonly Allocation[]): [string, string][] {
  return [
    [what, `${count(sum(allocations))} bytes`],
    ...allocations.map((one): [string, string] => [`  ${one.what}`, count(one.bytes)]),
  ];
}

function formatWork({ work }: Answer): string {
  const rows = work.map(({ what, perSecond, micros }): [string, string] => [
    `  ${what}: ${rate(perSecond)} a second x ${micros.toFixed(0)} µs`,
    percent((perSecond * micros) / 1e6),
  ]);
  return alignRows([["Redis' processor", "of a core"], ...rows, ["at the busiest time", percent(sumCores(work))]]);
}

function formatChoices({ choices, refusals }: Answer): string {
  const head = ["node type", "shards", "nodes", "memory", "CPU", "credits", "connections", ...REGIONS];
  const rows = choices.map((choice) => [
    choice.nodeType,
    choice.shards === undefined ? "no cluster mode" : String(choice.shards),
    String(choice.nodes),
    ...formatUse(choice.use),
    ...REGIONS.map((region) => formatDollars(choice.dollars[region])),
  ]);
  const refused = refusals.map(({ nodeType, limit }) => [
    nodeType,
    `not enough: ${LIMITS[limit]}`,
    "",
    "",
    "",
    "",
    "",
    ...REGIONS.map(() => ""),
  ]);
  return `${LEGEND}\n\n${formatTable(head, [...rows, ...refused])}`;
}

/** The limits are those of choose.ts and node-types.ts. */
const LEGEND = [
  "Percent of what a shard carries, and dollars a month. Memory and connections: up to the alarms, without the reserve.",
  "CPU: half of a core. Credits: half of those that the node earns. A price shown as ? is not in this version's list.",
].join("\n");

const LIMITS: Readonly<Record<Refusal["limit"], string>> = {
  memory: "memory",
  cpu: "CPU",
  credits: "CPU credits",
  connections: "connections",
};

function formatUse({ memory, cpu, credits, connections }: Use): string[] {
  return [percent(memory), percent(cpu), credits === undefined ? "none" : percent(credits), percent(connections)];
}

function formatServerless({ engine }: Question, { serverless }: Answer): string {
  const { gb, ecpusPerSecond, millionEcpus, dollars, limit } = serverless;
  const prices = REGIONS.map((region) => `${formatDollars(dollars[region])} in ${region}`).join(", ");
  return [
    `Serverless (${engine}): ${gb.toFixed(2)} GB, ${count(Math.ceil(ecpusPerSecond))} ECPUs a second at the busiest time,`,
    `${count(Math.ceil(millionEcpus))} million ECPUs a month: ${prices} a month`,
    ...(limit === undefined ? [] : [`It does not carry this load: its limit is ${limit}.`]),
  ].join("\n");
}

function formatBest(question: Question, { best, serverless }: Answer): string {
  const isServerlessEnough = serverless.limit === undefined;
  if (best === undefined) {
    const instead = isServerlessEnough ? "Take ElastiCache Serverless, or store" : "Store";
    return `No node type here carries this load. ${instead} less in a session, or share it among several caches.`;
  }
  const region = REGIONS.find((one) => best.dollars[one] !== undefined && serverless.dollars[one] !== undefined);
  const isDearer = region !== undefined && (best.dollars[region] ?? 0) > (serverless.dollars[region] ?? 0);
  const shards = best.shards === undefined ? "without cluster mode" : `with redis.shards ${best.shards}`;
  const nodes = `${best.nodeType} ${shards}, ${plural(question.replicas, "replica")} for each primary`;
  return isDearer && isServerlessEnough
    ? `Take ElastiCache Serverless. The cheapest nodes cost more: ${nodes}.`
    : `Take ${nodes}.`;
}

function alignRows(rows: readonly (readonly [string, string])[]): string {
  const left = Math.max(...rows.map(([what]) => what.length));
  const right = Math.max(...rows.map(([, value]) => value.length));
  return rows.map(([what, value]) => `${what.padEnd(left)}  ${value.padStart(right)}`.trimEnd()).join("\n");
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function rate(perSecond: number): string {
  return perSecond >= 10 ? count(Math.round(perSecond)) : perSecond.toFixed(1);
}

function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

function percent(part: number): string {
  const value = part * 100;
  return `${value >= 10 ? value.toFixed(0) : value.toFixed(1)} %`;
}
