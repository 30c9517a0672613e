import { readPlan } from "../../../../cli/plan/read-plan";
import { findRisks } from "../../../../cli/plan/risks";
import { type Planned, planJsonWith, risks } from "../planned";

const address = "aws_elasticache_replication_group.cache";
const two = { id: "shop", engine: "redis", num_cache_clusters: 2, automatic_failover_enabled: true };

describe("sessions are lost when", () => {
  it.each<[what: string, planned: Planned, says: string]>([
    ["a group is destroyed", { address, before: two }, "is destroyed: every session is lost"],
    [
      "a group is replaced, the new one first or not",
      {
        address,
        before: two,
        after: { ...two, num_cache_clusters: 1 },
        replacedFor: ["at_rest_encryption_enabled"],
        createsFirst: true,
      },
      "is replaced (at_rest_encryption_enabled): every session is lost",
    ],
    [
      "a group is tainted",
      { address, before: two, after: two, replacedFor: [], reason: "replace_because_tainted" },
      "is replaced (tainted: its creation was interrupted or failed): every session is lost",
    ],
    [
      "a group is replaced on request",
      { address, before: two, after: two, replacedFor: [], reason: "replace_by_request" },
      "is replaced (asked for by -replace): every session is lost",
    ],
    [
      "a group is replaced by one made from a snapshot",
      { address, before: two, after: { ...two, snapshot_name: "monday" }, replacedFor: ["kms_key_id"] },
      "is replaced (kms_key_id): sessions newer than the snapshot monday are lost",
    ],
    [
      "a group with a final snapshot is destroyed",
      { address, before: { ...two, final_snapshot_identifier: "last" } },
      "is destroyed: every session is lost; the snapshot last keeps what there was",
    ],
    [
      "the last replica goes",
      { address, before: two, after: { ...two, num_cache_clusters: 1, automatic_failover_enabled: false } },
      "keeps no replica: when a node fails, the sessions on it are lost",
    ],
    [
      "the last replica of each shard goes",
      {
        address,
        before: { id: "shop", cluster_mode: "enabled", num_cache_clusters: 6, replicas_per_node_group: 1 },
        after: { id: "shop", cluster_mode: "enabled", num_cache_clusters: 6, replicas_per_node_group: 0 },
      },
      "keeps no replica: when a node fails, the sessions on it are lost",
    ],
    [
      "the last replica of each shard goes, as older providers say it",
      {
        address,
        before: { id: "shop", num_node_groups: 3, num_cache_clusters: 6, replicas_per_node_group: 1 },
        after: { id: "shop", num_node_groups: 3, num_cache_clusters: 6, replicas_per_node_group: 0 },
      },
      "keeps no replica: when a node fails, the sessions on it are lost",
    ],
    [
      "a group loses its failover",
      { address, before: two, after: { ...two, automatic_failover_enabled: false } },
      "fails over no more: when the primary fails, no session is found until a replica is promoted by hand",
    ],
    [
      "snapshots end",
      { address, before: { ...two, snapshot_retention_limit: 1 }, after: { ...two, snapshot_retention_limit: 0 } },
      "takes no snapshots any more: nothing to go back to",
    ],
  ])("%s", (_, planned, says) => {
    expect(risks("sessions", planned)).toEqual([`${address} ${says}`]);
  });

  it.each([
    ["forward", "redirect", "sends visitors to https, where their cookie has another name (__Host-)"],
    ["redirect", "forward", "serves plain http, where visitors' cookie has another name"],
  ])("a listener that did %s does %s", (was, is, says) => {
    const listener = "aws_lb_listener.port_80";
    const [before, after] = [was, is].map((type) => ({ port: 80, default_action: [{ type }] }));
    expect(risks("sessions", { address: listener, before: before ?? {}, after: after ?? {} })).toEqual([
      `${listener} ${says}: everybody logs in once more`,
    ]);
  });

  it.each(["aws_elasticache_serverless_cache", "aws_memorydb_cluster", "aws_elasticache_cluster"])(
    "an %s is destroyed",
    (type) => {
      expect(risks("sessions", { address: `${type}.cache`, before: { engine: "redis" } })).toEqual([
        `${type}.cache is destroyed: every session is lost`,
      ]);
    },
  );
});

describe("visitors leave their sessions behind when the host of an output is replaced", () => {
  const host = "shop-1.ap-northeast-1.elb.amazonaws.com";
  const outputs = {
    url: `http://${host}:8080/`,
    api: "https://abc.execute-api.example.com",
    name: "shop",
    ip: "http://203.0.113.9:5000",
  };
  const replace = (type: string, before: Planned["before"]): Planned => {
    return {
      address: `${type}.one`,
      before: { id: "one", ...before },
      after: { id: "one" },
      replacedFor: ["internal"],
    };
  };
  const lost = (planned: Planned) =>
    findRisks(readPlan(planJsonWith(outputs, planned))).sessions.map(({ what }) => what);

  it.each([
    [replace("aws_lb", { dns_name: host }), host],
    // AWS keeps the case of the load balancer's name in its host name, and URLs have hosts in lower case.
    [replace("aws_lb", { dns_name: host.replace("shop", "Shop") }), host],
    [replace("aws_elb", { dns_name: host }), host],
    [replace("aws_eip", { public_ip: "203.0.113.9" }), "203.0.113.9"],
    [replace("aws_instance", { public_ip: "203.0.113.9" }), "203.0.113.9"],
    [
      replace("aws_apigatewayv2_api", { api_endpoint: "https://abc.execute-api.example.com" }),
      "abc.execute-api.example.com",
    ],
    [
      replace("aws_lambda_function_url", { function_url: "https://abc.execute-api.example.com/" }),
      "abc.execute-api.example.com",
    ],
  ])("%j", (planned, left) => {
    expect(lost(planned)).toEqual([
      `${planned.address} is replaced (internal): visitors leave ${left} with its cookies, so everybody logs in once more`,
    ]);
  });

  it.each([
    ["a name of their own leads to it", replace("aws_lb", { dns_name: "other.elb.amazonaws.com" })],
    ["it stays", { address: "aws_lb.one", before: { dns_name: host }, after: { dns_name: host, idle_timeout: 30 } }],
  ])("and not where %s", (_, planned) => {
    expect(lost(planned)).toEqual([]);
  });

  it("where one instance becomes a fleet", () => {
    const gone = { address: "aws_eip.one", before: { id: "one", public_ip: "203.0.113.9" } };
    expect(lost(gone)).toEqual([expect.stringContaining("aws_eip.one is destroyed: visitors leave 203.0.113.9")]);
  });
});

describe("no session is lost when", () => {
  it.each<[what: string, planned: Planned]>([
    ["nothing happens", { address, before: two, after: two }],
    ["a group is new", { address, after: two }],
    ["a replica of several goes", { address, before: { ...two, num_cache_clusters: 3 }, after: two }],
    ["node type and engine change in place", { address, before: two, after: { ...two, engine: "valkey" } }],
    [
      "a listener stays one",
      { address: "aws_lb_listener.x", before: { default_action: [{ type: "forward" }] }, after: {} },
    ],
    ["Memcached is destroyed", { address: "aws_elasticache_cluster.cache", before: { engine: "memcached" } }],
    [
      "a member of a group goes",
      { address: "aws_elasticache_cluster.cache", before: { replication_group_id: "shop" } },
    ],
    ["what a replacement left over is cleared away", { address, before: two, deposed: "ab12cd34" }],
  ])("%s", (_, planned) => {
    expect(risks("sessions", planned)).toEqual([]);
  });
});

describe("a function that is given another cache", () => {
  type Variables = Readonly<Record<string, string>>;
  const given = (variables: Variables, becomes: Variables): Planned => ({
    address: "aws_lambda_function.app",
    before: { id: "app", function_name: "app", environment: [{ variables }] },
    after: { id: "app", function_name: "app", environment: [{ variables: becomes }] },
  });

  it("loses sessions where it is the app", () => {
    const app = given({ REDIS_URL: "rediss://one:6379" }, { REDIS_URL: "rediss://other:6379" });
    expect(risks("sessions", app)).toEqual([expect.stringContaining("looks for sessions elsewhere (REDIS_URL)")]);
  });

  it("loses none where it is the photo cache, and is interrupted", () => {
    const photos = given(
      { PHOTO_TABLE: "Photo", REDIS_URL: "rediss://one:6379" },
      { PHOTO_TABLE: "Photo", MEMCACHED_ENDPOINT: "two:11211" },
    );
    expect(risks("sessions", photos)).toEqual([]);
    expect(risks("interruptions", photos)).not.toEqual([]);
  });

  it("is not judged where its variables are known only after apply", () => {
    const later: Planned = {
      ...given({ REDIS_URL: "rediss://one:6379" }, {}),
      unknown: { environment: [{ variables: true }] },
    };
    expect(risks("sessions", later)).toEqual([]);
    expect(risks("unjudged", later)).not.toEqual([]);
  });
});

describe("a table that is destroyed beside a cache", () => {
  const cache: Planned = {
    address,
    before: { id: "session-lambda-redis", replication_group_id: "session-lambda-redis" },
  };
  const named = ["session-lambda-photo-cache", "session-lambda-app"].map((name): Planned => {
    return { address: `aws_lambda_function.${name}`, before: { id: name, function_name: name } };
  });
  const table = (name: string): Planned => ({
    address: "aws_dynamodb_table.photo",
    before: { id: name, name, hash_key: "id" },
  });
  const kept = (planned: Planned): Planned => ({ ...planned, ...(planned.before && { after: planned.before }) });
  const others = [cache, ...named].map(kept);

  it("held no session where only the stack is called so", () => {
    expect(risks("sessions", ...others, table("session-lambda-photo-cache-Photo"))).toEqual([]);
  });

  it("held sessions where it is called so itself", () => {
    const lost = [expect.stringContaining("sessions among them")];
    expect(risks("sessions", ...others, table("session-lambda-sessions"))).toEqual(lost);
    expect(risks("sessions", ...others, table("shop-sessions"))).toEqual(lost);
  });
});
