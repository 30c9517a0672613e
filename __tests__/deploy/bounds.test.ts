import type { Sample } from "../programs/load";
import type { Ride } from "../programs/ride";
import { noticed, parseBounds } from "./bounds";
import { readUpgrades } from "./upgrade-table";
import { VARIANTS } from "./variants";

const page = (row: string) =>
  `| rotation or drill | requests failed | sessions lost | visitors logged out | as before |\n|---|---|---|---|---|\n${row}\n`;
const [rotation] = parseBounds(page("| a key | none | none | none | at once |"));
const [drill] = parseBounds(page("| a node | until another is there | none | none | within 2 s |"));
const [full] = parseBounds(page("| too full | none | unused ones | none | at once |"));
if (rotation === undefined || drill === undefined || full === undefined) throw new Error("no bounds");

const sample = (status: number, problem?: string): Sample => ({
  who: "visitor-0",
  start: 0,
  end: 10,
  status,
  retryAfter: undefined,
  problem,
  loggedOut: false,
});
const ride = (more: Partial<Ride> = {}): Ride => ({
  visits: [sample(200), ...(more.failed ?? [])],
  probes: [],
  failed: [],
  longestMs: 10,
  cleanMs: 0,
  failingMs: 0,
  loggedOut: 0,
  sessions: 4,
  lost: 0,
  readyDuring: [],
  ...more,
});

describe("what visitors may notice", () => {
  it("is a row of docs/upgrades.md, each seen by a variant that is used", () => {
    const seen = VARIANTS.filter(({ used }) => used).flatMap(({ rotations = [], drills = [] }) => [
      ...rotations.map(({ what }) => what),
      ...drills,
    ]);
    const rows = parseBounds(readUpgrades()).map(({ what }) => what);
    expect(seen.sort()).toEqual(rows.sort());
  });

  it.each([
    ["visitors who are logged out", "| a key | none | none | some | at once |"],
    ["failures for no time", "| a key | some | none | none | at once |"],
    ["no failures for some time", "| a key | none | none | none | within 2 s |"],
    ["failures for ever", "| a key | some | none | none | later |"],
  ])("is refused where it says %s", (_, row) => {
    expect(() => parseBounds(page(row))).toThrow(/^a key: got .*, takes none/);
  });

  it("is as promised where nothing fails, or what may fail does", () => {
    expect(noticed(rotation, ride())).toMatchObject({ requests: 1, failed: 0, sessions: 4, broken: [] });
    const answers = [sample(503), sample(502), sample(0, "half an answer")];
    expect(noticed(drill, ride({ failed: answers, cleanMs: 1500 }))).toMatchObject({ failed: 3, broken: [] });
    expect(noticed(full, ride({ lost: 3 })).broken).toEqual([]);
  });

  it("is told of what counts, and how much did not", () => {
    const seen = ride({ failed: [sample(503), sample(502)] });
    const counted = noticed(rotation, seen, ({ status }) => status !== 503);
    expect(counted).toMatchObject({ requests: 2, failed: 1, uncounted: 1 });
    expect(counted.broken).toEqual([expect.stringContaining("1 of 2 requests failed")]);
  });

  it.each([
    ["a request fails", rotation, ride({ failed: [sample(403)] }), "a key: 1 of 2 requests failed; the first: "],
    ["a session is lost", rotation, ride({ lost: 1 }), "a key: 1 of 4 sessions are lost"],
    ["a visitor is logged out", rotation, ride({ loggedOut: 1 }), "a key: 1 visitors had to log in again"],
    ["it fails otherwise", drill, ride({ failed: [sample(500)] }), "a node: 1 of 2 requests failed; the first: "],
    ["an answer is wrong", drill, ride({ failed: [sample(503, "a stack trace")] }), "a node: 1 answers are wrong"],
    ["a drill loses sessions", drill, ride({ lost: 4 }), "a node: 4 of 4 sessions are lost"],
    ["it lasts", drill, ride({ failed: [sample(503)], cleanMs: 60_000 }), "a node: it failed for 60000 ms after"],
    ["those who come are lost", full, ride({ loggedOut: 2, lost: 2 }), "too full: 2 visitors had to log in again"],
  ])("is broken when %s", (_, bound, seen, broken) => {
    expect(noticed(bound, seen).broken).toEqual([expect.stringContaining(broken)]);
  });
});
