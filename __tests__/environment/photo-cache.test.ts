import { photoAccessString, readPhotoCacheEnvironment } from "../../environment/photo-cache";

const MEMCACHED_ENDPOINT = "cache.cfg.apne1.cache.amazonaws.com:11211";

describe("readPhotoCacheEnvironment", () => {
  it("needs a memcached cluster's endpoint and nothing else", () => {
    expect(readPhotoCacheEnvironment({ MEMCACHED_ENDPOINT })).toEqual({
      cache: {
        engine: "memcached",
        memcached: { host: "cache.cfg.apne1.cache.amazonaws.com", port: 11211, tls: true, caFile: undefined },
      },
      table: "Photo",
      key: "id",
      ttlSeconds: 300,
      cacheTimeoutMs: 1000,
      dynamodbTimeoutMs: 2000,
      longestAnswerMs: 4500,
      toAnswerMs: 500,
      logLevel: "info",
    });
  });

  it("takes Redis in its place, by the session app's own variables", () => {
    const variables = {
      REDIS_URL: "rediss://cache.example:6379",
      REDIS_AUTH: "iam",
      REDIS_USER: "photo",
      REDIS_CACHE_ID: "sessions",
      AWS_REGION: "ap-northeast-1",
    };
    expect(readPhotoCacheEnvironment(variables).cache).toMatchObject({
      engine: "redis",
      redis: { host: "cache.example", tls: true, auth: { kind: "iam", user: "photo", cacheId: "sessions" } },
    });
  });

  it("leaves alone what Lambda sets, and what is empty", () => {
    const variables = {
      MEMCACHED_ENDPOINT: "cache",
      AWS_LAMBDA_FUNCTION_NAME: "photo",
      PHOTO_TTL: "",
      MEMCACHED_TLS: "false",
    };
    expect(readPhotoCacheEnvironment(variables)).toMatchObject({
      cache: { memcached: { host: "cache", port: 11211, tls: false } },
      ttlSeconds: 300,
    });
  });

  it.each<{ variables: Record<string, string>; says: string }>([
    { variables: {}, says: "MEMCACHED_ENDPOINT: got nothing, takes host[:port], or REDIS_URL in its place" },
    {
      variables: { MEMCACHED_ENDPOINT, REDIS_URL: "redis://r" },
      says: "MEMCACHED_ENDPOINT: got a value beside REDIS_URL or REDIS_CLUSTER_ENDPOINT, takes one cache",
    },
    {
      variables: { MEMCACHED_ENDPOINT: "memcached://cache" },
      says: 'MEMCACHED_ENDPOINT: got "memcached://cache", takes host[:port] of a configuration endpoint',
    },
    {
      variables: { MEMCACHED_ENDPOINT: "cache:70000" },
      says: "MEMCACHED_ENDPOINT: got port 70000, takes 1 to 65535",
    },
    {
      variables: { REDIS_URL: "redis://r", MEMCACHED_TLS: "true" },
      says: "MEMCACHED_TLS: got a value, takes none without MEMCACHED_ENDPOINT",
    },
    {
      variables: { MEMCACHED_ENDPOINT, MEMCACHED_TLS: "false", MEMCACHED_CA_FILE: "ca.pem" },
      says: "MEMCACHED_CA_FILE: got a value, takes none without TLS",
    },
    {
      variables: { MEMCACHED_ENDPOINT, MEMCACHED_TLS: "yes" },
      says: 'MEMCACHED_TLS: got "yes", takes "true" or "false"',
    },
    {
      variables: { MEMCACHED_ENDPOINT, REDIS_TLS: "true" },
      says: "REDIS_TLS: got a value, takes none without REDIS_URL or REDIS_CLUSTER_ENDPOINT",
    },
    {
      variables: { MEMCACHED_ENDPOINT, PHOTO_TTL: "2592001" },
      says: 'PHOTO_TTL: got "2592001", takes a whole number from 1 to 2592000',
    },
    {
      variables: { MEMCACHED_ENDPOINT, PHOTO_TABLE: "my photos" },
      says: 'PHOTO_TABLE: got "my photos", takes a DynamoDB table\'s name',
    },
    {
      variables: { MEMCACHED_ENDPOINT, CACHE_TIMEOUT_MS: "1s", DYNAMODB_TIMEOUT_MS: "0" },
      says:
        'CACHE_TIMEOUT_MS: got "1s", takes a whole number from 10 to 60000\n' +
        'DYNAMODB_TIMEOUT_MS: got "0", takes a whole number from 10 to 60000',
    },
  ])("refuses $variables", ({ variables, says }) => {
    expect(() => readPhotoCacheEnvironment(variables)).toThrow(new Error(says));
  });

  it("never shows a password", () => {
    expect(() => readPhotoCacheEnvironment({ REDIS_URL: "http://u:secret@r" })).toThrow(/a value that is not shown/);
  });
});

it("the function's user on Redis may do what the function does and no more", () => {
  const single = "on ~photo:* -@all +hello +info +ping +get +set";
  expect(photoAccessString()).toBe(single);
  expect(photoAccessString("cluster")).toBe(`${single} +client|setname +cluster|info +cluster|slots`);
});
