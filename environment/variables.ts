import * as z from "zod";

/** A whole number in decimal digits. */
export const whole = (min: number, max: number) => {
  const takes = `a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,10}$/, takes)
    .transform(Number)
    .refine((n) => n >= min && n <= max, takes);
};

/** One of these words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(...values: T) =>
  z.enum(values, values.map((value) => `"${value}"`).join(" or "));

/** A text of this form. */
export const text = (pattern: RegExp, takes: string) => z.string().regex(pattern, takes);

const DAYS_400 = 34_560_000;
const ARN = /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/;

/**
 * The environment contract, variable by variable; a check's message is what the variable takes.
 * docs/design.md holds the table for people.
 */
export const variables = z.object({
  NODE_ENV: oneOf("development", "test", "production").default("development"),
  PORT: whole(0, 65_535).default(5000),
  HOST: text(/^[a-zA-Z0-9.:-]+$/, "an address to listen on").optional(),
  PUBLIC_SCHEME: oneOf("http", "https").default("http"),
  PUBLIC_ORIGIN: text(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/, "an origin: scheme://host[:port], lower case").optional(),
  TRUST_PROXY: whole(0, 10).default(0),
  REDIS_URL: text(/^rediss?:\/\/\S+$/, "redis:// or rediss://[user[:password]@]host:port[/db]").optional(),
  REDIS_CLUSTER_ENDPOINT: text(/^[a-zA-Z0-9.-]+(:\d{1,5})?$/, "host[:port]").optional(),
  REDIS_TLS: oneOf("true", "false").optional(),
  REDIS_CLUSTER_MODE: oneOf("enabled", "disabled").optional(),
  REDIS_CA_FILE: text(/./, "the path of a PEM file").optional(),
  REDIS_AUTH: oneOf("none", "password", "iam").optional(),
  REDIS_USER: text(/^[a-zA-Z0-9-]{1,40}$/, "a user name of letters, digits and hyphens, at most 40").optional(),
  REDIS_PASSWORD_ARN: text(ARN, "the ARN of a Secrets Manager secret").optional(),
  REDIS_CACHE_ID: text(/^[a-z][a-z0-9-]{0,39}$/, "a replication group id, lower case").optional(),
  AWS_REGION: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region, like ap-northeast-1").optional(),
  SECRET_KEY: z
    .string()
    .refine(
      (keys) => keys.split(",").every((key) => key.trim().length >= 32),
      "keys of 32 characters or more, comma separated, newest first",
    )
    .optional(),
  SECRET_KEY_ARN: text(ARN, "the ARN of a Secrets Manager secret").optional(),
  SESSION_TTL: whole(1, DAYS_400).default(1800),
  SESSION_MAX_AGE: whole(1, DAYS_400).default(43_200),
  SESSION_LIMIT: whole(1, 1000).default(10),
  SESSION_PREFIX: text(/^[a-zA-Z0-9._-]+:$/, "letters, digits, . _ - and a colon at the end").default("session:"),
  SESSION_ON_LIMIT: oneOf("end-oldest", "refuse").default("end-oldest"),
  LOGIN: oneOf("demo").optional(),
  LOGINS_PER_MINUTE: whole(1, 1_000_000).default(300),
  REFUSED_LOGINS_PER_MINUTE: whole(1, 1_000_000).default(20),
  DRAIN_SECONDS: whole(0, 20).optional(),
  METRICS_PORT: whole(1, 65_535).optional(),
  SHOWN_HOST: text(/^[a-zA-Z0-9._-]{1,255}$/, "a host name of letters, digits, . _ and -, at most 255").optional(),
  LOG_LEVEL: oneOf("fatal", "error", "warn", "info", "debug", "trace", "silent").default("info"),
});

export type Variables = z.infer<typeof variables>;
