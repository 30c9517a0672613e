import { isDeepStrictEqual } from "node:util";
import type { Change } from "../change";
import type { Consequence } from "../effects/effect";
import { judge } from "../judge";
import type { Plan } from "../plan";
import { comparePolicies } from "../policies/policies";
import type { Findings, Risk } from "../risk";
import { compareWays } from "../way/compare";
import { comparePorts } from "./ports";
import { detachedPolicies, widenedRoles } from "./roles";
import { compareRoutes } from "./routes";

/** Finds what a plan does to sessions, visitors, ports and roles, and which of its changes no rule knows. */
export function findRisks(plan: Plan): Findings {
  const found = findIn(plan);
  const drifted = plan.drift.length === 0 ? found : findIn(withDrift(plan));
  const outside = (kind: keyof Findings) => {
    const known = new Set(found[kind].map(({ what }) => what));
    return drifted[kind]
      .filter(({ what }) => !known.has(what))
      .map((risk) => ({ ...risk, what: `changed outside of Terraform: ${risk.what}` }));
  };
  const deferred = plan.deferred.map(({ address, type, reason }) => ({
    address,
    what: `${type} deferred to another plan (${reason}): ${plan.names.of(address)}`,
  }));
  const rest = plan.isComplete ? [] : [{ address: "", what: "the plan is not complete: another one has to follow it" }];
  return {
    sessions: [...found.sessions, ...outside("sessions")],
    ports: [...found.ports, ...outside("ports")],
    roles: [...found.roles, ...outside("roles")],
    interruptions: [...found.interruptions, ...outside("interruptions")],
    notes: found.notes,
    unjudged: [...found.unjudged, ...outside("unjudged"), ...deferred, ...rest],
  };
}

function findIn(plan: Plan): Findings {
  const judged = plan.changes.map((change) => ({ change, ...judge(plan, change) }));
  const [ports, policies, routes] = [comparePorts(plan), comparePolicies(plan), compareRoutes(plan)];
  const ways = compareWays(plan);
  const by = (kind: Consequence["kind"]): Risk[] => [
    ...judged.flatMap(({ change: { address }, consequences }) =>
      consequences
        .filter((one) => one.kind === kind)
        .map(({ what }) => ({ address, what: `${plan.names.of(address)} ${what}`.replaceAll(/\s+/g, " ") })),
    ),
    ...routes.filter((one) => one.kind === kind).map(({ address, what }) => ({ address, what })),
  ];
  return {
    sessions: by("sessions"),
    ports: [...ports.opened, ...by("ports"), ...(ports.opened.length > 0 ? [] : ways.opened)],
    roles: [...widenedRoles(plan, policies), ...by("roles")],
    interruptions: [...ways.cut, ...by("interruptions"), ...ports.closed, ...policies.lost, ...detachedPolicies(plan)],
    notes: [...by("note"), ...ports.narrowed],
    unjudged: judged.flatMap(({ change: { address, type }, unjudged }) =>
      unjudged === undefined ? [] : [{ address, what: `${type} ${unjudged}: ${plan.names.of(address)}` }],
    ),
  };
}

/** The plan as it would be had nothing been changed outside of Terraform: from what Terraform knew to what will be. */
function withDrift(plan: Plan): Plan {
  const drift = new Map(plan.drift.map((change) => [change.address, change]));
  const planned = plan.changes.map((change) => {
    const drifted = change.leftover ? undefined : drift.get(change.address);
    drift.delete(change.leftover ? "" : change.address);
    return drifted === undefined ? change : fromDrift(drifted, change);
  });
  // A resource that was deleted, and that Terraform does not create again, is in no other list.
  return plan.with([...planned, ...[...drift.values()].filter(({ action }) => action === "delete")]);
}

function fromDrift(drifted: Change, planned: Change): Change {
  const { before } = drifted;
  if (planned.action === "create") return { ...planned, before, action: "replace" };
  if (planned.action !== "none") return { ...planned, before };
  return { ...planned, before, action: isDeepStrictEqual(before, planned.after) ? "none" : "update" };
}
