import { QUESTIONS } from "../../../cli/doctor/stack/resources";
import type { Json } from "../../../cli/machine/aws-cli";
import { parseState } from "../../../stacks/state-file";

const question = QUESTIONS.find(({ check }) => check === "serverless cache");

/** AWS' answer, and the state, of a cache that is as it was deployed but for some values. */
const answer = (values: Json = {}) => ({
  ServerlessCaches: [
    {
      ...{ ServerlessCacheName: "s", Status: "available", Engine: "valkey", MajorEngineVersion: "8" },
      ...{ SnapshotRetentionLimit: 1, UserGroupId: "users", ...values },
    },
  ],
});
const held = (values: Json = {}) => ({ user_group_id: "users", snapshot_retention_limit: 1, ...values });
const LIMITS = { DataStorage: { Maximum: 10, Unit: "GB" }, ECPUPerSecond: { Maximum: 5000 } };
const HELD_LIMITS = [{ data_storage: [{ maximum: 10 }], ecpu_per_second: [{ maximum: 5000 }] }];

describe("the doctor asks AWS after a serverless cache", () => {
  it("by its name", () => {
    const type = "aws_elasticache_serverless_cache";
    const resources = [{ mode: "managed", type, name: "r", instances: [{ attributes: { name: "sessions" } }] }];
    const state = { from: "state", ...parseState(JSON.stringify({ version: 4, resources })) };
    expect(question?.ask(state).map(({ args }) => args.join(" "))).toEqual([
      "elasticache describe-serverless-caches --serverless-cache-name sessions",
    ]);
  });

  it.each<[status: string, what: string, answer: Json, held: Json, says: RegExp]>([
    ["ok", "as deployed", answer(), held(), /^s is available, valkey 8, no upper limits, snapshots of 1 day$/],
    [
      "ok",
      "with its limits",
      answer({ CacheUsageLimits: LIMITS }),
      held({ cache_usage_limits: HELD_LIMITS }),
      /, at most 10 GB and 5000 ECPU a second, /,
    ],
    ["warn", "with other limits", answer({ CacheUsageLimits: LIMITS }), held(), /; the state has no upper limits$/],
    [
      "warn",
      "without snapshots",
      answer({ SnapshotRetentionLimit: 0 }),
      held(),
      /no snapshots; the state has .* 1 days$/,
    ],
    ["warn", "that AWS is at work on", answer({ Status: "modifying" }), held(), /^s is modifying/],
    ["fail", "that AWS could not create", answer({ Status: "create-failed" }), held(), /^s is create-failed/],
    [
      "fail",
      "without its user group",
      answer({ UserGroupId: undefined }),
      held(),
      /admits every client; .* has users$/,
    ],
    ["fail", "with another user group", answer({ UserGroupId: "others" }), held(), /; it has others; .* has users$/],
  ])("and calls it %s %s", (status, _, found, known, says) => {
    const finding = question?.judge(found, known);
    expect(finding).toMatchObject({ check: "serverless cache", status, says: expect.stringMatching(says) });
    expect(finding?.next === undefined).toBe(status === "ok");
  });
});
