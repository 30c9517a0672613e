import {
  type CacheEngine,
  compareVersions,
  findFamily,
  findSupportEnd,
  listVersions,
  mayHaveSuccessor,
  newerMinorVersions,
} from "../../../modules/elasticache/engine-versions";

/** Versions and families as AWS' pages list them, in an order that AWS' upgrades take. */
const OFFERED: readonly (readonly [CacheEngine, string, string])[] = [
  ["redis", "4.0.10", "redis4.0"],
  ["redis", "5.0.6", "redis5.0"],
  ["redis", "6.0", "redis6.x"],
  ["redis", "6.2", "redis6.x"],
  ["redis", "7.0", "redis7"],
  ["redis", "7.1", "redis7"],
  ["valkey", "7.2", "valkey7"],
  ["valkey", "8.0", "valkey8"],
  ["valkey", "8.1", "valkey8"],
  ["valkey", "8.2", "valkey8"],
  ["valkey", "9.0", "valkey9"],
  ["valkey", "9.1", "valkey9"],
];

test.each(OFFERED)("%s %s has the family %s", (engine, version, family) => {
  expect(findFamily(engine, version)).toBe(family);
});

test("each version is listed, oldest first", () => {
  for (const engine of ["redis", "valkey"] as const) {
    const versions = OFFERED.flatMap(([name, version]) => (name === engine ? [version] : []));
    expect(listVersions(engine)).toEqual(versions);
    expect([...listVersions(engine)].sort(compareVersions)).toEqual(versions);
  }
  expect(listVersions("memcached").at(-1)).toBe("1.6.22");
  expect(listVersions("oracle")).toEqual([]);
});

test("a version that is not listed has the family of its major version", () => {
  expect(findFamily("valkey", "9.2")).toBe("valkey9");
  expect(findFamily("valkey", "10.0")).toBe("valkey10");
  expect(findFamily("memcached", "1.7.3")).toBe("memcached1.7");
});

test("newer minor versions are those of the same major version", () => {
  expect(newerMinorVersions("valkey", "8.0")).toEqual(["8.1", "8.2"]);
  expect(newerMinorVersions("redis", "6.0")).toEqual(["6.2"]);
  expect(newerMinorVersions("redis", "6.x")).toEqual([]);
  expect(newerMinorVersions("redis", "7.1")).toEqual([]);
  expect(newerMinorVersions("memcached", "1.6.12")).toEqual([]);
  expect([mayHaveSuccessor("redis", "7.1"), mayHaveSuccessor("valkey", "10.0")]).toEqual([false, true]);
});

test("support ends for Redis OSS before 7, and for nothing else that AWS has announced", () => {
  expect(findSupportEnd("redis", "5.0.6")).toEqual({ standard: "2026-01-31", extended: "2029-01-31" });
  expect(findSupportEnd("redis", "6.2")).toEqual({ standard: "2027-01-31", extended: "2030-01-31" });
  for (const [engine, version] of [
    ["redis", "7.1"],
    ["valkey", "7.2"],
    ["memcached", "1.6.22"],
  ] as const) {
    expect(findSupportEnd(engine, version)).toBeUndefined();
  }
});

test("versions are compared part by part", () => {
  expect(compareVersions("9.10", "9.9")).toBeGreaterThan(0);
  expect(compareVersions("1.4.9", "1.4.14")).toBeLessThan(0);
  expect(compareVersions("7.1", "7.1.0")).toBe(0);
});
