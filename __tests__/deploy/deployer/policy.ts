import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { runSimulation, runUnsafeSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import { region } from "../synthesize";
import type { Need } from "./needs";
import { ACCOUNT } from "./resources";

/** A statement of a deployer's policy. */
interface Statement {
  readonly Effect: "Allow";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> | undefined;
}

/** A managed policy of one's own: as many characters as IAM takes. */
export interface Policy {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
}

/** IAM counts no white space. @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const LONGEST = 6144;
/** The actions that the policy of an AWS managed key allows to an account. @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
const KEY_POLICY = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:Describe*", Resource: "*" },
  ],
};
const FOLDER = path.join(__dirname, "..", "..", "..", "docs", "deployer");
/** By stack, the variants whose runs the policies come from. */
const VARIANTS_FILE = path.join(FOLDER, "variants.json");

/** The policies that allow these needs and nothing else, in as many documents as they take. The same needs make the same text. */
export function policiesFor(needs: readonly Need[]): Policy[] {
  const byAction = new Map<string, Need[]>();
  for (const need of needs) {
    const key = JSON.stringify([need.action, Object.keys(need.bounds)]);
    byAction.set(key, [...(byAction.get(key) ?? []), need]);
  }
  // Actions of a service with the same resources share a statement.
  const shared = new Map<string, Statement>();
  for (const [, group] of [...byAction].sort(([one], [other]) => (one < other ? -1 : 1))) {
    const { action = "", bounds = {} } = group[0] ?? {};
    const Resource = narrowest(group.map(({ pattern }) => pattern));
    const Condition = buildCondition(Object.keys(bounds), group);
    const same = JSON.stringify([action.split(":")[0], Resource, Condition]);
    const Action = [...(shared.get(same)?.Action ?? []), action];
    shared.set(same, { Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });
  }
  return packed([...shared.values()]);
}

/** Without those that another one has in it. */
function narrowest(patterns: readonly string[]): string[] {
  const all = [...new Set(patterns)].sort();
  const covers = (wide: string, narrow: string) =>
    new RegExp(`^${wide.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(narrow);
  return all.filter((one) => !all.some((other) => other !== one && covers(other, one)));
}

function buildCondition(bounds: readonly string[], group: readonly Need[]): Statement["Condition"] {
  if (bounds.length === 0) return undefined;
  const values = (key: string) => [...new Set(group.map((need) => need.bounds[key] as string))].sort();
  const operator = (key: string) => (key === "iam:PolicyARN" ? "ArnEquals" : "StringEquals");
  return Object.fromEntries(bounds.map((key) => [operator(key), { [key]: values(key) }]));
}

function packed(statements: readonly Statement[]): Policy[] {
  const documents: Statement[][] = [];
  for (const statement of statements) {
    const last = documents.at(-1);
    if (last !== undefined && measureSize([...last, statement]) <= LONGEST) last.push(statement);
    else documents.push([statement]);
  }
  return documents.map((Statement) => ({ Version: "2012-10-17", Statement }));
}

function measureSize(Statement: readonly Statement[]): number {
  return JSON.stringify({ Version: "2012-10-17", Statement }).length;
}

/** Names of the variants that a stack's policies in docs/deployer are made for. */
export function recordedVariants(stack: string): readonly string[] {
  return readVariants()[stack] ?? [];
}

function readVariants(): Record<string, readonly string[]> {
  return existsSync(VARIANTS_FILE) ? JSON.parse(readFileSync(VARIANTS_FILE, "utf8")) : {};
}

/** The policies in docs/deployer of a stack, by file name. */
export function readPolicies(stack: string): Map<string, Policy> {
  const names = namesIn(stack).sort();
  return new Map(names.map((name) => [name, JSON.parse(readFileSync(path.join(FOLDER, name), "utf8"))]));
}

function namesIn(stack: string): string[] {
  return readdirSync(FOLDER).filter((name) => new RegExp(`^${stack}-\\d+\\.json$`).test(name));
}

/** Writes a stack's policies in place of those that are there. */
export function writePolicies(
  stack: string,
  { policies, variants }: { readonly policies: readonly Policy[]; readonly variants: readonly string[] },
): void {
  mkdirSync(FOLDER, { recursive: true });
  for (const name of namesIn(stack)) rmSync(path.join(FOLDER, name));
  const write = (name: string, content: object) =>
    writeFileSync(path.join(FOLDER, name), `${JSON.stringify(content, undefined, 2)}\n`);
  for (const [n, policy] of policies.entries()) write(`${stack}-${n + 1}.json`, policy);
  write(path.basename(VARIANTS_FILE), { ...readVariants(), [stack]: variants });
}

/** The needs that the policies do not allow, a line each. */
export async function notAllowed(needs: readonly Need[], policies: ReadonlyMap<string, Policy>): Promise<string[]> {
  const identityPolicies = [...policies].map(([name, policy]) => ({ name, policy }));
  const lines: string[] = [];
  for (const need of needs) {
    const outcome = await simulateNeed(need, identityPolicies);
    if (outcome !== "Allowed") lines.push(`${need.action} on ${need.arn}: ${outcome}`);
  }
  return [...new Set(lines)];
}

async function simulateNeed(
  { action, arn, bounds }: Need,
  identityPolicies: Simulation["identityPolicies"],
): Promise<string> {
  const simulation: Simulation = {
    request: {
      principal: `arn:aws:iam::${ACCOUNT}:role/deployer`,
      action,
      resource: { resource: arn, accountId: ACCOUNT },
      contextVariables: { "aws:RequestedRegion": region(), ...bounds },
    },
    identityPolicies,
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(action.startsWith("kms:") && { resourcePolicy: KEY_POLICY }),
  };
  // The reference lists for API Gateway's actions the resources of REST APIs alone, so that validation refuses HTTP APIs.
  if (action.startsWith("apigateway:")) return runUnsafeSimulation(simulation, {});
  const result = await runSimulation(simulation, {});
  return result.resultType === "error" ? JSON.stringify(result.errors) : result.overallResult;
}

/** The actions that the policies allow and no need asks for, a line each. */
export function notNeeded(needs: readonly Need[], policies: ReadonlyMap<string, Policy>): string[] {
  const needed = new Set(needs.map(({ action }) => action));
  const allowed = [...policies.values()].flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
  return [...new Set(allowed)].filter((action) => !needed.has(action));
}
