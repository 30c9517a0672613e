import { type Planned, risks } from "../planned";

type Values = Readonly<Record<string, unknown>>;

const address = "aws_elasticache_serverless_cache.sessions";
const limit = (data: object, ecpu: object = {}) => ({
  cache_usage_limits: [{ data_storage: [{ unit: "GB", ...data }], ecpu_per_second: [ecpu] }],
});
const cache: Values = {
  id: "sessions",
  name: "sessions",
  engine: "redis",
  major_engine_version: "7",
  description: "sessions",
  user_group_id: "users",
  security_group_ids: ["sg-cache"],
  snapshot_retention_limit: 7,
  daily_snapshot_time: "03:00",
  ...limit({ minimum: 2, maximum: 10 }, { minimum: 2000, maximum: 50_000 }),
};
const becomes = (values: Values): Planned => ({ address, before: cache, after: { ...cache, ...values } });
const replaced = (values: Values, ...replacedFor: string[]): Planned => ({ ...becomes(values), replacedFor });

describe("a serverless cache loses sessions when", () => {
  it.each<[what: string, planned: Planned, says: string]>([
    ["it is destroyed", { address, before: cache }, "is destroyed: every session is lost"],
    [
      "its major version changes",
      replaced({ engine: "valkey", major_engine_version: "8" }, "major_engine_version"),
      "is replaced (major_engine_version): every session is lost",
    ],
    ["it gets other subnets", replaced({}, "subnet_ids"), "is replaced (subnet_ids): every session is lost"],
    [
      "it is replaced by one made from a snapshot",
      replaced({ snapshot_arns_to_restore: ["arn:x:monday"] }, "snapshot_arns_to_restore"),
      "is replaced (snapshot_arns_to_restore): sessions newer than the snapshot arn:x:monday are lost",
    ],
    [
      "its limit of data is lowered",
      becomes(limit({ minimum: 2, maximum: 5 }, { minimum: 2000, maximum: 50_000 })),
      "holds 5 GB at most: sessions beyond that are evicted",
    ],
    ["snapshots end", becomes({ snapshot_retention_limit: 0 }), "takes no snapshots any more: nothing to go back to"],
  ])("%s", (_, planned, says) => {
    expect(risks("sessions", planned)).toEqual([`${address} ${says}`]);
  });
});

describe("a serverless cache is interrupted when", () => {
  it.each<[what: string, planned: Planned, says: string]>([
    ["it is destroyed", { address, before: cache }, "is destroyed: its clients get no answers"],
    [
      "it is replaced",
      replaced({ kms_key_id: "k" }, "kms_key_id"),
      "is replaced (kms_key_id): down until the new one is there, minutes",
    ],
    [
      "its limit of ECPUs is lowered",
      becomes(limit({ minimum: 2, maximum: 10 }, { minimum: 2000, maximum: 9000 })),
      "does 9000 ECPU a second at most: further commands are throttled",
    ],
    [
      "it becomes Valkey in place",
      becomes({ engine: "valkey" }),
      "becomes valkey 7 in place: connections break for seconds",
    ],
    [
      "its user group is swapped",
      becomes({ user_group_id: "others" }),
      "has another user group: users of the one before are refused",
    ],
    [
      "it leaves a security group",
      becomes({ security_group_ids: ["sg-other"] }),
      "leaves the security group sg-cache: connections that it let in are cut",
    ],
    [
      "its limits are taken away",
      becomes({ cache_usage_limits: [] }),
      "no longer has cache_usage_limits: provider 5.100 sends an empty request, AWS refuses the request, and the apply stops half-way",
    ],
    [
      "two of its fields change",
      becomes({ daily_snapshot_time: "04:00", snapshot_retention_limit: 8 }),
      "changes snapshot_retention_limit, daily_snapshot_time at once: provider 5.100 sends them in one request, and AWS takes one of them a request, AWS refuses the request, and the apply stops half-way",
    ],
  ])("%s", (_, planned, says) => {
    expect(risks("interruptions", planned)).toEqual([`${address} ${says}`]);
  });

  it("its user group is taken away: it lets clients in without a login as well", () => {
    const planned = becomes({ user_group_id: null });
    expect(risks("interruptions", planned)).toEqual([expect.stringContaining("no longer has user_group_id")]);
    expect(risks("roles", planned)).toEqual([`${address} accepts clients without a login`]);
  });
});

describe("a serverless cache is judged", () => {
  it.each<[what: string, planned: Planned]>([
    ["calm where its description changes", becomes({ description: "other" })],
    ["calm where its daily snapshot moves", becomes({ daily_snapshot_time: "05:00" })],
    ["calm where it may grow", becomes(limit({ minimum: 2, maximum: 99 }, { minimum: 2000, maximum: 90_000 }))],
    ["calm where it is new", { address, after: cache }],
    ["calm where tags alone change", becomes({ tags: { a: "b" } })],
  ])("%s", (_, planned) => {
    expect([risks("sessions", planned), risks("interruptions", planned), risks("unjudged", planned)]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it("with a note where it keeps less capacity ready", () => {
    const planned = becomes(limit({ minimum: 1, maximum: 10 }, { minimum: 2000, maximum: 50_000 }));
    expect(risks("notes", planned)).toEqual([expect.stringContaining("keeps less capacity ready")]);
    expect(risks("sessions", planned)).toEqual([]);
  });

  it("not where its limits are known only after apply", () => {
    const planned = { ...becomes({ cache_usage_limits: [] }), unknown: { cache_usage_limits: true } };
    expect(risks("unjudged", planned)).toEqual([expect.stringContaining("changed (cache_usage_limits)")]);
  });

  it("by what it caches where it is memcached", () => {
    const planned: Planned = { address, before: { ...cache, engine: "memcached" } };
    expect(risks("sessions", planned)).toEqual([]);
    expect(risks("interruptions", planned)).toEqual([
      `${address} is destroyed: its cached data is lost; it holds no sessions`,
    ]);
  });
});
