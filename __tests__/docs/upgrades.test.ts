import { brokenBy, parsePromises, readPromises, type UpgradePromise } from "../deploy/upgrade-table";
import { VARIANTS } from "../deploy/variants";

describe("a promise of docs/upgrades.md", () => {
  const page = (row: string) =>
    `Text.\n\n| edit | setting | at AWS | the plan | sessions | meanwhile |\n|---|---|---|---|---|---|\n${row}\n\nMore.`;
  const [kept, lost, unsaid] = parsePromises(
    page(
      "| tags | `tags` | in place | `~ *` | kept | nothing |\n" +
        "| cluster mode | `redis.shards` | another cache | `-/+ elasticache_replication_group` `~ instance` | lost | minutes |\n" +
        "| name | `name` | | `+ *` | lost, not known at synth | |",
    ),
  ) as [UpgradePromise, UpgradePromise, UpgradePromise];
  const change = (sign: string, type: string) => ({ sign, type, address: `aws_${type}.x`, because: [] });
  const SAID = ["warning: session-ec2: redis.shards: deployed is a cache without cluster mode"];
  const replaced = [change("-/+", "elasticache_replication_group"), change("~", "instance")];
  const DOWN = ["is replaced: down"];

  it("is a row: settings, signs and types, and whether sessions are kept", () => {
    expect(lost).toEqual({
      edit: "cluster mode",
      settings: ["redis.shards"],
      plan: ["-/+ elasticache_replication_group", "~ instance"],
      sessions: "lost",
      meanwhile: "minutes",
    });
  });

  it("is kept by a plan that shows its kinds of changes, each, and no other", () => {
    expect(
      brokenBy(kept, { changes: [change("~", "vpc"), change("~", "instance")], lost: [], interrupted: [] }, []),
    ).toEqual([]);
    expect(brokenBy(lost, { changes: replaced, lost: ["every session"], interrupted: DOWN }, SAID)).toEqual([]);
    expect(brokenBy(unsaid, { changes: [change("+", "vpc")], lost: ["every session"], interrupted: DOWN }, [])).toEqual(
      [],
    );
  });

  it.each([
    ["one kind more", kept, [change("~", "vpc"), change("-/+", "eip")], [], [], "not promised: -/+ eip"],
    ["one kind less", kept, [], [], [], "promised, and not in the plan: ~ *"],
    ["replaced, the new one first", kept, [change("~", "vpc"), change("+/-", "eip")], [], [], "not promised: +/- eip"],
    ["sessions lost", kept, [change("~", "vpc")], ["all of them"], [], "the review says: all of them"],
    ["a loss that no review tells", lost, replaced, [], SAID, "the review of the plan says nothing of it"],
    ["a loss that synthesis does not warn of", lost, replaced, ["all"], [], "does not warn of redis.shards"],
    [
      "a false alarm",
      kept,
      [change("~", "vpc")],
      [],
      ["warning: x: tags: deployed is y"],
      "synthesis says: warning: x: tags",
    ],
  ])("is broken by %s", (_, promise, changes, losses, said, broken) => {
    expect(brokenBy(promise, { changes, lost: losses, interrupted: promise === kept ? [] : DOWN }, said)).toEqual([
      expect.stringContaining(broken),
    ]);
  });

  it("is broken by an interruption that is not promised, and by one that no review tells", () => {
    const planned = { changes: [change("~", "vpc")], lost: [], interrupted: DOWN };
    expect(brokenBy(kept, planned, [])).toEqual(["promised: nothing meanwhile; the review says: is replaced: down"]);
    expect(brokenBy(lost, { changes: replaced, lost: ["all"], interrupted: [] }, SAID)).toEqual([
      "promised: minutes; the review of the plan says nothing of it",
    ]);
  });

  it("is planned, each of them, by a variant", () => {
    const edits = VARIANTS.flatMap(({ edits = [], appliedEdits = [], rotations = [] }) => [
      ...[...edits, ...appliedEdits].map(({ promise }) => promise),
      ...rotations.flatMap(({ what, edit }) => (edit === undefined ? [] : [what])),
    ]);
    expect([...new Set(edits)].sort()).toEqual(
      readPromises()
        .map(({ edit }) => edit)
        .sort(),
    );
  });
});
