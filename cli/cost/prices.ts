/** Regions with prices. */
export const REGIONS = ["ap-northeast-1", "us-east-1"] as const;
/** A region that `npm run cost` has prices for. */
export type Region = (typeof REGIONS)[number];

/** A list price in US dollars, without tax, and the day of its source. */
export type Quote = readonly [usd: number, read: string];
/** No source with a day has the price. */
const UNKNOWN = undefined;

/** The list price of one thing that AWS charges for, in US dollars for each region. */
export interface Price {
  readonly what: string;
  /** Unit of the price: an hour, a month, or an amount. */
  readonly per:
    | "hour"
    | "month"
    | "GB"
    | "GB and month"
    | "GB-hour"
    | "GB-second"
    | "million"
    | "LCU-hour"
    | "vCPU-hour";
  /** Its quotes; undefined for a region without a source that has a day. */
  readonly quotes: Readonly<Record<Region, Quote | undefined>>;
  /** AWS' page with the price. */
  readonly source: string;
}

const page = (path: string) => `https://aws.amazon.com/${path}/pricing/`;

function price(
  what: string,
  per: Price["per"],
  tokyo: Quote | undefined,
  virginia: Quote | undefined,
  source: string,
): Price {
  return { what, per, quotes: { "ap-northeast-1": tokyo, "us-east-1": virginia }, source: page(source) };
}

const REDIS = "Redis OSS or memcached";
const VALKEY = "Valkey";
/** The day on which all cache nodes of us-east-1 were read. */
const NODES_READ = "2026-10-02";

/** A cache node. Engines have prices of their own. */
function node(type: string, engine: string, tokyo: Quote | undefined, virginia: number): Price {
  return price(`${type}, ${engine}`, "hour", tokyo, [virginia, NODES_READ], "elasticache");
}

/** Prices, keyed by the thing that AWS charges for. */
export const PRICES = {
  "cache.t4g.micro redis": node("cache.t4g.micro", REDIS, [0.025, "2026-09-11"], 0.016),
  "cache.t4g.micro valkey": node("cache.t4g.micro", VALKEY, [0.02, "2026-09-11"], 0.0128),
  "cache.t4g.small redis": node("cache.t4g.small", REDIS, UNKNOWN, 0.032),
  "cache.t4g.small valkey": node("cache.t4g.small", VALKEY, UNKNOWN, 0.0256),
  "cache.t4g.medium redis": node("cache.t4g.medium", REDIS, UNKNOWN, 0.065),
  "cache.t4g.medium valkey": node("cache.t4g.medium", VALKEY, UNKNOWN, 0.052),
  "cache.m7g.large redis": node("cache.m7g.large", REDIS, UNKNOWN, 0.158),
  "cache.m7g.large valkey": node("cache.m7g.large", VALKEY, UNKNOWN, 0.1264),
  "cache.m7g.xlarge redis": node("cache.m7g.xlarge", REDIS, UNKNOWN, 0.315),
  "cache.m7g.xlarge valkey": node("cache.m7g.xlarge", VALKEY, UNKNOWN, 0.252),
  "cache.r7g.large redis": node("cache.r7g.large", REDIS, [0.263, "2026-07-23"], 0.219),
  "cache.r7g.large valkey": node("cache.r7g.large", VALKEY, [0.2104, "2026-07-23"], 0.1752),
  "cache.r7g.xlarge redis": node("cache.r7g.xlarge", REDIS, UNKNOWN, 0.437),
  "cache.r7g.xlarge valkey": node("cache.r7g.xlarge", VALKEY, UNKNOWN, 0.3496),
  "cache.r7g.2xlarge redis": node("cache.r7g.2xlarge", REDIS, UNKNOWN, 0.873),
  "cache.r7g.2xlarge valkey": node("cache.r7g.2xlarge", VALKEY, UNKNOWN, 0.6984),
  "cache.r7g.4xlarge redis": node("cache.r7g.4xlarge", REDIS, UNKNOWN, 1.745),
  "cache.r7g.4xlarge valkey": node("cache.r7g.4xlarge", VALKEY, UNKNOWN, 1.396),
  "cache.r7g.8xlarge redis": node("cache.r7g.8xlarge", REDIS, UNKNOWN, 3.491),
  "cache.r7g.8xlarge valkey": node("cache.r7g.8xlarge", VALKEY, UNKNOWN, 2.7928),
  "serverless redis data": price(
    "data in a serverless cache, Redis OSS",
    "GB-hour",
    UNKNOWN,
    [0.125, "2026-06"],
    "elasticache",
  ),
  "serverless redis ecpu": price("ECPUs, Redis OSS", "million", UNKNOWN, [0.0034, "2026-06"], "elasticache"),
  "serverless valkey data": price(
    "data in a serverless cache, Valkey",
    "GB-hour",
    UNKNOWN,
    [0.084, "2026-06"],
    "elasticache",
  ),
  "serverless valkey ecpu": price("ECPUs, Valkey", "million", UNKNOWN, [0.0023, "2026-06"], "elasticache"),
  "t4g.small": price("t4g.small, Linux", "hour", [0.0216, "2026-09-10"], [0.0168, "2026-09-24"], "ec2"),
  "t4g.medium": price("t4g.medium, Linux", "hour", [0.0432, "2026-09-25"], [0.0336, "2026-09-24"], "ec2"),
  // AWS has one price of credits for all regions: https://aws.amazon.com/ec2/pricing/on-demand/
  "credits t4g": price("surplus CPU credits, T4g", "vCPU-hour", [0.04, "2026-09-29"], [0.04, "2026-09-29"], "ec2"),
  "credits t3": price("surplus CPU credits, T3", "vCPU-hour", [0.05, "2026-09-29"], [0.05, "2026-09-29"], "ec2"),
  gp3: price("gp3 volume", "GB and month", [0.096, "2026-09-10"], [0.08, "2026-09-20"], "ebs"),
  address: price("public IPv4 address", "hour", [0.005, "2026-09-11"], [0.005, "2026-09-20"], "vpc"),
  nat: price("NAT gateway", "hour", [0.062, "2026-09-25"], [0.045, "2026-09-20"], "vpc"),
  natData: price("through NAT", "GB", [0.062, "2026-09-25"], [0.045, "2026-09-20"], "vpc"),
  endpoint: price(
    "interface endpoint, a service and zone",
    "hour",
    [0.014, "2026-09-25"],
    [0.01, "2026-09-20"],
    "privatelink",
  ),
  loadBalancer: price("load balancer", "hour", [0.0243, "2026-08-27"], [0.0225, "2026-09-20"], "elasticloadbalancing"),
  lcu: price(
    "load balancer, capacity",
    "LCU-hour",
    [0.008, "2026-08-27"],
    [0.008, "2026-09-20"],
    "elasticloadbalancing",
  ),
  "ARM64 vcpu": price("Fargate vCPU, ARM", "hour", [0.04045, "2026-09-16"], [0.03238, "2026-08-28"], "fargate"),
  "ARM64 gb": price("Fargate GB of memory, ARM", "hour", [0.00442, "2026-09-16"], [0.00356, "2026-08-28"], "fargate"),
  "X86_64 vcpu": price("Fargate vCPU, x86", "hour", [0.05056, "2026-09-25"], [0.04048, "2026-08-01"], "fargate"),
  "X86_64 gb": price("Fargate GB of memory, x86", "hour", [0.00553, "2026-09-25"], [0.004445, "2026-08-01"], "fargate"),
  lambdaRequests: price("Lambda requests", "million", [0.2, "2026-09-23"], [0.2, "2026-09-20"], "lambda"),
  lambdaTime: price("Lambda, ARM", "GB-second", UNKNOWN, [0.000_013_333_4, "2026-09-20"], "lambda"),
  api: price("HTTP API requests", "million", [1.29, "2026-09-23"], [1, "2026-08-17"], "api-gateway"),
  reads: price("DynamoDB reads", "million", [0.1425, "2026-09-23"], [0.125, "2026-07-31"], "dynamodb"),
  secret: price("secret", "month", [0.4, "2026-09-11"], [0.4, "2026-09-24"], "secrets-manager"),
  alarm: price("alarm", "month", [0.1, "2026-07-20"], [0.1, "2026-09-20"], "cloudwatch"),
  compositeAlarm: price("composite alarm", "month", UNKNOWN, UNKNOWN, "cloudwatch"),
  // Dashboards belong to no region.
  dashboard: price("dashboard", "month", [3, "2026-06-13"], [3, "2026-06-13"], "cloudwatch"),
  logs: price("logs taken in", "GB", [0.76, "2026-07-20"], [0.5, "2026-09-20"], "cloudwatch"),
  out: price("data out to the internet", "GB", [0.114, "2026-09-23"], [0.09, "2026-09-20"], "ec2"),
  image: price("images in ECR", "GB and month", [0.1, "2026-09-23"], [0.1, "2026-09-20"], "ecr"),
} as const satisfies Record<string, Price>;

/** The key of a price in `PRICES`. */
export type PriceKey = keyof typeof PRICES;
