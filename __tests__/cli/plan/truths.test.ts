import { readPlan } from "../../../cli/plan/read-plan";
import { FINDINGS, KINDS } from "../../../cli/plan/risk";
import { findRisks } from "../../../cli/plan/risks";
import { readCases } from "./cases";
import { type Planned, planJson } from "./planned";

const findings = (planned: readonly Planned[]) => findRisks(readPlan(planJson(...planned)));

describe.each(KINDS)("the review finds %s", (truth) => {
  it.each(readCases(truth).map((one) => [one.what, one] as const))("in %s", (_, { planned }) => {
    expect(findings(planned)[truth].map(({ what }) => what)).not.toEqual([]);
  });
});

describe("the review finds nothing", () => {
  it.each(readCases("calm").map((one) => [one.what, one] as const))("in %s", (_, { planned }) => {
    const found = findings(planned);
    expect(FINDINGS.flatMap((kind) => found[kind].map(({ what }) => `${kind}: ${what}`))).toEqual([]);
  });
});
