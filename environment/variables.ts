import { isIPv4 } from "node:net";
import type { ValuesOf } from "./read";
import { list, oneOf, text, whole } from "./variable";

const DAYS_400 = 34_560_000;
const ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/;
/** Keys of 32 characters or more, blanks around them not counted, comma separated. */
const KEYS = /^\s*[^\s,][^,]{30,}[^\s,]\s*(,\s*[^\s,][^,]{30,}[^\s,]\s*)*$/;

function isCidr(text: string): boolean {
  const [, address = "", prefix = ""] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  return isIPv4(address) && prefix !== "" && Number(prefix) <= 32;
}

/** The variables that say where Redis is and how to connect. */
export const redisVariables = {
  REDIS_URL: text(/^rediss?:\/\/\S+$/, "redis:// or rediss://[user[:password]@]host:port[/db]"),
  REDIS_CLUSTER_ENDPOINT: text(/^[a-zA-Z0-9.-]+(:\d{1,5})?$/, "host[:port]"),
  REDIS_TLS: oneOf("true", "false"),
  REDIS_CLUSTER_MODE: oneOf("enabled", "disabled"),
  REDIS_CA_FILE: text(/./, "the path of a PEM file"),
  REDIS_AUTH: oneOf("none", "password", "iam"),
  REDIS_USER: text(/^[a-zA-Z0-9-]{1,40}$/, "a user name of letters, digits and hyphens, at most 40"),
  REDIS_PASSWORD_ARN: text(ARN, "the ARN of a Secrets Manager secret"),
  REDIS_CACHE_ID: text(
    /^[a-z][a-z0-9-]{0,39}$/,
    "the id of a replication group or the name of a serverless cache, lower case",
  ),
  REDIS_CACHE_TYPE: oneOf("replication-group", "serverless"),
  AWS_REGION: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region, like ap-northeast-1"),
};

/** How much is logged: pino's levels. */
export const logLevel = oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent").default("info");

/** The app's environment contract, variable by variable. docs/design.md holds the table for people. */
export const variables = {
  ...redisVariables,
  NODE_ENV: oneOf("development", "test", "production").default("development"),
  PORT: whole(0, 65_535).default(5000),
  HOST: text(/^[a-zA-Z0-9.:-]+$/, "an address to listen on"),
  PUBLIC_SCHEME: oneOf("http", "https").default("http"),
  PUBLIC_ORIGIN: text(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, "an origin: scheme://host[:port], lower case"),
  TRUST_PROXY: whole(0, 10).default(0),
  ALLOWED_CIDRS: list(isCidr, "IPv4 blocks a.b.c.d/n, comma separated"),
  SECRET_KEY: text(KEYS, "keys of 32 characters or more, comma separated, newest first"),
  SECRET_KEY_ARN: text(ARN, "the ARN of a Secrets Manager secret"),
  SESSION_TTL: whole(1, DAYS_400).default(1800),
  SESSION_MAX_AGE: whole(1, DAYS_400).default(43_200),
  SESSION_LIMIT: whole(1, 1000).default(10),
  SESSION_PREFIX: text(/^[a-zA-Z0-9._-]+:$/, "letters, digits, . _ - and a colon at the end").default("session:"),
  SESSION_ON_LIMIT: oneOf("end-oldest", "refuse").default("end-oldest"),
  LOGIN: oneOf("demo"),
  LOGINS_PER_MINUTE: whole(1, 1_000_000).default(300),
  REFUSED_LOGINS_PER_MINUTE: whole(1, 1_000_000).default(20),
  DRAIN_SECONDS: whole(0, 20),
  METRICS_PORT: whole(1, 65_535),
  SESSION_METRICS: text(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,254}$/, "a name of letters, digits, . _ and -, at most 255"),
  SHOWN_HOST: text(/^[a-zA-Z0-9._-]{1,255}$/, "a host name of letters, digits, . _ and -, at most 255"),
  LOG_LEVEL: logLevel,
};

/** The variables as programs read them: typed, with their defaults. */
export type Variables = ValuesOf<typeof variables>;
