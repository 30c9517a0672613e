import { connectionLimit } from "../../../modules/elasticache";
import { NODE_TYPES } from "../../../modules/elasticache/node-type-table";
import { countVcpus, findMemoryGib, findNodeType } from "../../../modules/elasticache/node-types";

/** Memory in GiB as AWS' page of supported node types has it, beside the bytes of the table. */
test.each([
  ["cache.t4g.micro", 0.5],
  ["cache.t4g.small", 1.37],
  ["cache.t3.medium", 3.09],
  ["cache.m4.10xlarge", 154.64],
  ["cache.m5.24xlarge", 314.32],
  ["cache.m7g.large", 6.38],
  ["cache.m8g.large", 6.79],
  ["cache.r4.large", 12.3],
  ["cache.r6gd.12xlarge", 317.77],
  ["cache.r7g.2xlarge", 52.82],
  ["cache.r8g.16xlarge", 504.52],
  ["cache.c7gn.12xlarge", 78.56],
  ["cache.c8gn.large", 3.1],
])("%s has %d GiB", (nodeType, gib) => {
  expect(findMemoryGib(nodeType)).toBe(gib);
});

test.each([
  { nodeType: "cache.t4g.micro", vcpus: 2, baselineGbps: 0.064, burstGbps: 5, connections: 20_000 },
  { nodeType: "cache.t4g.small", vcpus: 2, baselineGbps: 0.128, burstGbps: 5, connections: 65_000 },
  { nodeType: "cache.t3.small", vcpus: 2, baselineGbps: 0.128, burstGbps: 5, connections: 46_000 },
  { nodeType: "cache.t2.small", vcpus: 1, baselineGbps: 0.128, burstGbps: 1.024, connections: 20_000 },
  { nodeType: "cache.m7g.large", vcpus: 2, baselineGbps: 0.937, burstGbps: 12.5, connections: 65_000 },
  { nodeType: "cache.r5.24xlarge", vcpus: 96, baselineGbps: 25, burstGbps: undefined, connections: 65_000 },
  { nodeType: "cache.c8gn.16xlarge", vcpus: 64, baselineGbps: 200, burstGbps: undefined, connections: 65_000 },
])("$nodeType", ({ nodeType, ...properties }) => {
  expect(findNodeType(nodeType)).toMatchObject(properties);
});

test("the 8th generation runs Valkey and memcached, disks are for replication groups, and T2 is not sold any more", () => {
  expect(findNodeType("cache.r8g.large")?.engines).toEqual(["valkey", "memcached"]);
  expect(findNodeType("cache.r6gd.xlarge")?.engines).toEqual(["redis", "valkey"]);
  expect(findNodeType("cache.m7g.large")?.engines).toEqual(["redis", "valkey", "memcached"]);
  expect([findNodeType("cache.t2.micro")?.isCurrent, findNodeType("cache.t3.micro")?.isCurrent]).toEqual([false, true]);
});

test("the table has AWS' 94 types, each with its vCPUs, and memory grows with size", () => {
  const types = Object.entries(NODE_TYPES).flatMap(([family, sizes]) =>
    Object.keys(sizes).map((size) => `cache.${family}.${size}`),
  );
  expect(types).toHaveLength(94);
  for (const type of types) expect([type, countVcpus(type)]).toEqual([type, expect.any(Number)]);
  for (const sizes of Object.values(NODE_TYPES)) {
    const memory = Object.values(sizes).map(([bytes]) => bytes);
    expect([...memory].sort((a, b) => a - b)).toEqual(memory);
  }
});

test("a type that is not listed takes as many connections as most, and nothing else is known of it", () => {
  expect(findNodeType("cache.m9g.large")).toBeUndefined();
  expect(connectionLimit("cache.m9g.large")).toBe(65_000);
});
