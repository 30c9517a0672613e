import { RedisEngine, type RedisEngineProps } from "../../../modules/redis";

describe("RedisEngine ties engine, version, family and port", () => {
  test.each([
    { engine: RedisEngine.REDIS_7_1, is: { engine: "redis", version: "7.1", family: "redis7", port: 6379 } },
    { engine: RedisEngine.VALKEY_8_0, is: { engine: "valkey", version: "8.0", family: "valkey8", port: 6379 } },
    {
      engine: RedisEngine.of({ engine: "valkey", version: "7.2", family: "valkey7" }),
      is: { engine: "valkey", version: "7.2", family: "valkey7" },
    },
    { engine: RedisEngine.of({ engine: "redis", version: "7.0" }), is: { version: "7.0", family: "redis7" } },
  ])("$is.family $is.version", ({ engine, is }) => {
    expect(engine).toMatchObject(is);
  });
});

describe("RedisEngine refuses", () => {
  test.each<{ what: string; props: RedisEngineProps; message: RegExp }>([
    {
      what: "Valkey 8 with a Redis family",
      props: { engine: "valkey", version: "8.0", family: "redis7" },
      message: /RedisEngine\.of: family of valkey 8\.0: got redis7, allowed: valkey8\. Fix: leave it out/,
    },
    {
      what: "Redis 7 with the family of Redis 6",
      props: { engine: "redis", version: "7.1", family: "redis6.x" },
      message: /got redis6\.x, allowed: redis7/,
    },
    {
      what: "a patch version",
      props: { engine: "redis", version: "7.1.0" },
      message: /version of redis: got 7\.1\.0, allowed: major and minor version only\. Fix: write "7\.1"/,
    },
    { what: "a major version alone", props: { engine: "valkey", version: "8" }, message: /Fix: write it like "7\.2"/ },
    {
      what: "a Redis that cannot authenticate by IAM",
      props: { engine: "redis", version: "6.2" },
      message: /got 6\.2, allowed: "7\.0" or "7\.1", because IAM/,
    },
    {
      what: "a Redis that ElastiCache does not run",
      props: { engine: "redis", version: "7.2" },
      message: /later ones are Valkey/,
    },
    { what: "a Valkey before its first", props: { engine: "valkey", version: "7.1" }, message: /"7\.2" or later/ },
    {
      what: "another engine",
      props: { engine: "memcached" as "redis", version: "1.6" },
      message: /engine: got memcached, allowed: redis, valkey/,
    },
  ])("$what", ({ props, message }) => {
    expect(() => RedisEngine.of(props)).toThrow(message);
  });
});
