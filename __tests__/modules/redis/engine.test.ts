import { RedisEngine, type RedisEngineProps } from "../../../modules/redis";

describe("RedisEngine ties engine, version, family and port", () => {
  test.each([
    { engine: RedisEngine.REDIS_7_1, is: { engine: "redis", version: "7.1", family: "redis7", port: 6379 } },
    { engine: RedisEngine.VALKEY_8_0, is: { engine: "valkey", version: "8.0", family: "valkey8", port: 6379 } },
    {
      engine: RedisEngine.of({ engine: "valkey", version: "7.2", family: "valkey7" }),
      is: { engine: "valkey", version: "7.2", family: "valkey7" },
    },
    { engine: RedisEngine.REDIS_7_0, is: { engine: "redis", version: "7.0", family: "redis7" } },
    { engine: RedisEngine.VALKEY_7_2, is: { engine: "valkey", version: "7.2", family: "valkey7" } },
    { engine: RedisEngine.VALKEY_8_1, is: { engine: "valkey", version: "8.1", family: "valkey8" } },
    { engine: RedisEngine.VALKEY_8_2, is: { engine: "valkey", version: "8.2", family: "valkey8" } },
    { engine: RedisEngine.VALKEY_9_0, is: { engine: "valkey", version: "9.0", family: "valkey9" } },
    { engine: RedisEngine.VALKEY_9_1, is: { engine: "valkey", version: "9.1", family: "valkey9" } },
    { engine: RedisEngine.of({ engine: "valkey", version: "9.10" }), is: { version: "9.10", family: "valkey9" } },
    { engine: RedisEngine.of({ engine: "valkey", version: "10.0" }), is: { version: "10.0", family: "valkey10" } },
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
      message: /got 6\.2, allowed: "7\.0" or later, because IAM/,
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
