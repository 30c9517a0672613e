import os from "node:os";
import { EnvironmentError, readEnvironment } from "../../environment";

const ARN = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:session-AbCdEf";
const production = { NODE_ENV: "production", REDIS_URL: "redis://r:6379", SECRET_KEY: "k".repeat(32), LOGIN: "demo" };

describe("readEnvironment", () => {
  it("needs nothing on a laptop", () => {
    expect(readEnvironment({})).toMatchObject({
      production: false,
      port: 5000,
      host: "127.0.0.1",
      publicScheme: "http",
      redis: undefined,
      secretKey: { kind: "random" },
      session: { idleSeconds: 1800, maxAgeSeconds: 43_200, limit: 10, prefix: "session:" },
      login: "demo",
      shownHost: os.hostname(),
      inContainer: false,
    });
  });

  it("listens everywhere in production", () => {
    expect(readEnvironment(production)).toMatchObject({ host: "0.0.0.0", production: true });
  });

  it.each([
    {
      what: "a URL",
      variables: { REDIS_URL: "rediss://ann:p%40ss@cache.example:6380/2" },
      redis: {
        host: "cache.example",
        port: 6380,
        db: 2,
        tls: true,
        cluster: false,
        auth: { kind: "password", user: "ann", password: "p@ss" },
      },
    },
    {
      what: "document B's name, with TLS by default",
      variables: { REDIS_CLUSTER_ENDPOINT: "cache.example", REDIS_CLUSTER_MODE: "enabled" },
      redis: { host: "cache.example", port: 6379, tls: true, cluster: true, auth: { kind: "none" } },
    },
    {
      what: "IAM",
      variables: {
        REDIS_URL: "rediss://cache.example:6379",
        REDIS_AUTH: "iam",
        REDIS_USER: "app",
        REDIS_CACHE_ID: "sessions",
        AWS_REGION: "ap-northeast-1",
      },
      redis: { tls: true, auth: { kind: "iam", user: "app", cacheId: "sessions", region: "ap-northeast-1" } },
    },
    {
      what: "a password in Secrets Manager",
      variables: { REDIS_URL: "rediss://app@cache.example", REDIS_PASSWORD_ARN: ARN },
      redis: { port: 6379, auth: { kind: "secret", user: "app", arn: ARN } },
    },
  ])("reads Redis from $what", ({ variables, redis }) => {
    expect(readEnvironment(variables).redis).toMatchObject(redis);
  });

  it("reads several secret keys, newest first", () => {
    const keys = ["a".repeat(32), "b".repeat(40)];
    expect(readEnvironment({ SECRET_KEY: keys.join(", ") }).secretKey).toEqual({ kind: "keys", keys });
    expect(readEnvironment({ SECRET_KEY_ARN: ARN }).secretKey).toEqual({ kind: "secret", arn: ARN });
  });

  const url = "redis://r:6379";
  const iam = {
    REDIS_URL: "rediss://r:6379",
    REDIS_AUTH: "iam",
    REDIS_USER: "a",
    REDIS_CACHE_ID: "c",
    AWS_REGION: "eu-west-1",
  };
  it.each<{ variables: Record<string, string>; says: string }>([
    { variables: { PORT: "80a" }, says: 'PORT: got "80a", takes a whole number from 0 to 65535' },
    { variables: { PORT: "65536" }, says: 'PORT: got "65536", takes a whole number from 0 to 65535' },
    { variables: { PUBLIC_SCHEME: "ftp" }, says: 'PUBLIC_SCHEME: got "ftp", takes "http" or "https"' },
    { variables: { PUBLIC_ORIGIN: "https://a/b" }, says: 'PUBLIC_ORIGIN: got "https://a/b", takes an origin' },
    { variables: { PUBLIC_ORIGIN: "https://a.example" }, says: "takes an origin of PUBLIC_SCHEME (http://…)" },
    { variables: { TRUST_PROXY: "yes" }, says: 'TRUST_PROXY: got "yes", takes a whole number from 0 to 10' },
    { variables: { REDIS_URL: "http://r" }, says: "REDIS_URL: got a value that is not shown, takes redis://" },
    { variables: { REDIS_URL: "redis://r:6379/x" }, says: "REDIS_URL: got a path that is no database number" },
    { variables: { REDIS_URL: `${url}?x=1` }, says: "REDIS_URL: got a query or fragment" },
    { variables: { REDIS_URL: url, REDIS_CLUSTER_ENDPOINT: "r" }, says: "REDIS_CLUSTER_ENDPOINT: got a value beside" },
    { variables: { REDIS_URL: url, REDIS_TLS: "true" }, says: "REDIS_TLS: got a value beside REDIS_URL" },
    {
      variables: { REDIS_URL: url, REDIS_CA_FILE: "/ca.pem" },
      says: "REDIS_CA_FILE: got a value, takes none without TLS",
    },
    { variables: { REDIS_URL: url, REDIS_AUTH: "password" }, says: "REDIS_AUTH: got password without one" },
    { variables: { REDIS_URL: "redis://a@r" }, says: "REDIS_AUTH: got none beside a user" },
    { variables: { REDIS_URL: "redis://a:b@r", REDIS_USER: "c" }, says: "REDIS_USER: got another user" },
    { variables: { REDIS_URL: "redis://a:%zz@r" }, says: "REDIS_URL: got a user or password with a broken escape" },
    { variables: { REDIS_URL: "redis://r/16" }, says: "REDIS_URL: got database 16, takes 0 to 15" },
    { variables: { REDIS_CLUSTER_ENDPOINT: "r:99999" }, says: "REDIS_CLUSTER_ENDPOINT: got port 99999" },
    { variables: { REDIS_CLUSTER_MODE: "enabled" }, says: "REDIS_CLUSTER_MODE: got a value, takes none without" },
    { variables: { REDIS_CA_FILE: "/ca.pem" }, says: "REDIS_CA_FILE: got a value, takes none without REDIS_URL" },
    { variables: { REDIS_USER: "a" }, says: "REDIS_USER: got a value, takes none without REDIS_URL" },
    { variables: { ...iam, REDIS_URL: url }, says: "REDIS_AUTH: got iam on a plain connection" },
    { variables: { ...iam, REDIS_URL: "rediss://a:b@r" }, says: "REDIS_URL: got a password beside REDIS_AUTH=iam" },
    { variables: { ...iam, REDIS_CACHE_ID: "" }, says: "REDIS_CACHE_ID: got nothing, is needed" },
    { variables: { ...iam, AWS_REGION: "" }, says: "AWS_REGION: got nothing, is needed" },
    { variables: { SECRET_KEY: "short" }, says: "SECRET_KEY: got a value that is not shown, takes keys of 32" },
    { variables: { SECRET_KEY: "k".repeat(32), SECRET_KEY_ARN: ARN }, says: "SECRET_KEY_ARN: got a value beside" },
    { variables: { SECRET_KEY_ARN: "arn:aws:s3:::b" }, says: "SECRET_KEY_ARN: got" },
    { variables: { SESSION_TTL: "0" }, says: 'SESSION_TTL: got "0", takes a whole number from 1' },
    {
      variables: { SESSION_TTL: "100", SESSION_MAX_AGE: "50" },
      says: "SESSION_TTL: got 100, takes at most SESSION_MAX_AGE (50)",
    },
    { variables: { SESSION_PREFIX: "session" }, says: 'SESSION_PREFIX: got "session"' },
    { variables: { ALLOWED_CIDRS: "10.0.0.0/8,me" }, says: 'ALLOWED_CIDRS: got "10.0.0.0/8,me", takes IPv4 blocks' },
    { variables: { ALLOWED_CIDRS: "10.0.0.0/33" }, says: 'ALLOWED_CIDRS: got "10.0.0.0/33", takes IPv4 blocks' },
    { variables: { SESSION_METRICS: "a name" }, says: 'SESSION_METRICS: got "a name", takes a name of letters' },
    { variables: { SHOWN_HOST: "a host" }, says: 'SHOWN_HOST: got "a host", takes a host name' },
    { variables: { LOGIN: "none" }, says: 'LOGIN: got "none", takes "demo"' },
    { variables: { LOG_LEVEL: "loud" }, says: 'LOG_LEVEL: got "loud"' },
    { variables: { ...production, REDIS_URL: "" }, says: "REDIS_URL: got nothing" },
    { variables: { ...production, SECRET_KEY: "" }, says: "SECRET_KEY: got nothing" },
    { variables: { ...production, LOGIN: "" }, says: "LOGIN: got nothing" },
  ])("refuses $variables", ({ variables, says }) => {
    expect(() => readEnvironment(variables)).toThrow(EnvironmentError);
    expect(() => readEnvironment(variables)).toThrow(says);
  });

  const readErrors = (variables: Record<string, string>): string[] => {
    try {
      readEnvironment(variables);
    } catch (error) {
      return (error as Error).message.split("\n").map((line) => line.replace(/, takes .*/, ""));
    }
    return [];
  };

  it("names every variable that is missing in production", () => {
    const missing = ["SECRET_KEY: got nothing", "REDIS_URL: got nothing", "LOGIN: got nothing"];
    expect(readErrors({ NODE_ENV: "production", SECRET_KEY: "" })).toEqual(missing);
  });

  it("names every wrong variable once, those that contradict others too", () => {
    const variables = {
      ...{ PORT: "80a", LOGIN: "none", NODE_ENV: "production", SECRET_KEY: "short", TRUST_PROXY: "-1" },
      ...{ SESSION_TTL: "100", SESSION_MAX_AGE: "50", PUBLIC_ORIGIN: "https://a.example" },
      ...{ REDIS_URL: "redis://a:b@r/99?x=1", REDIS_TLS: "true", REDIS_CA_FILE: "/ca.pem" },
    };
    expect(readErrors(variables)).toEqual([
      'PORT: got "80a"',
      'TRUST_PROXY: got "-1"',
      "SECRET_KEY: got a value that is not shown",
      'LOGIN: got "none"',
      "REDIS_TLS: got a value beside REDIS_URL",
      "REDIS_URL: got a query or fragment",
      "SESSION_TTL: got 100",
      'PUBLIC_ORIGIN: got "https://a.example"',
    ]);
  });

  it("names all that IAM needs", () => {
    const needed = ["REDIS_USER", "REDIS_CACHE_ID", "AWS_REGION"];
    const lines = needed.map((name) => `${name}: got nothing, is needed with REDIS_AUTH=iam`);
    expect(readErrors({ REDIS_URL: "rediss://r", REDIS_AUTH: "iam" })).toEqual(lines);
  });

  it("draws no conclusion from a variable that is malformed", () => {
    expect(readErrors({ REDIS_URL: "http://r", REDIS_USER: "app", REDIS_CA_FILE: "/ca.pem" })).toHaveLength(1);
    expect(readErrors({ ...production, REDIS_URL: "http://r" })).toHaveLength(1);
    expect(readErrors({ SESSION_TTL: "50000", SESSION_MAX_AGE: "a day" })).toHaveLength(1);
  });

  it("never shows a secret", () => {
    for (const variables of [
      { SECRET_KEY: "hush" },
      { REDIS_URL: "redis://a:hush@ r" },
      { REDIS_URL: "redis://a:hush@r/x" },
    ]) {
      expect(() => readEnvironment(variables)).not.toThrow(/hush/);
      expect(() => readEnvironment(variables)).toThrow(EnvironmentError);
    }
  });
});
