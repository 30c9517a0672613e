/** Regions with prices. */
export const REGIONS = ["ap-northeast-1", "us-east-1"] as const;
/** A region that `npm run cost` has prices for. */
export type Region = (typeof REGIONS)[number];

/** A list price in US dollars, without tax, and the day of its source, if the source has one. */
type Quote = readonly [usd: number, read?: string];

/** The list price of one thing that AWS charges for, in US dollars for each region. */
export interface Price {
  readonly what: string;
  /** Unit of the price: an hour, a month, or an amount. */
  readonly per: "hour" | "month" | "GB" | "GB and month" | "GB-second" | "million" | "LCU-hour";
  readonly quotes: Readonly<Record<Region, Quote>>;
  /** AWS' page with the price. */
  readonly source: string;
}

const page = (path: string) => `https://aws.amazon.com/${path}/pricing/`;

function price(what: string, per: Price["per"], tokyo: Quote, virginia: Quote, source: string): Price {
  return { what, per, quotes: { "ap-northeast-1": tokyo, "us-east-1": virginia }, source: page(source) };
}

/** Prices, keyed by the thing that AWS charges for. */
export const PRICES = {
  "cache.t4g.micro redis": price(
    "cache.t4g.micro, Redis OSS or memcached",
    "hour",
    [0.025, "2026-09-11"],
    [0.016],
    "elasticache",
  ),
  "cache.t4g.micro valkey": price("cache.t4g.micro, Valkey", "hour", [0.02, "2026-09-11"], [0.0128], "elasticache"),
  "t4g.small": price("t4g.small, Linux", "hour", [0.0216, "2026-09-10"], [0.0168], "ec2"),
  "t4g.medium": price("t4g.medium, Linux", "hour", [0.0432], [0.0336], "ec2"),
  gp3: price("gp3 volume", "GB and month", [0.096, "2026-09-10"], [0.08], "ebs"),
  address: price("public IPv4 address", "hour", [0.005, "2026-09-11"], [0.005], "vpc"),
  nat: price("NAT gateway", "hour", [0.062, "2026-09-25"], [0.045, "2026-08-01"], "vpc"),
  natData: price("through NAT", "GB", [0.062, "2026-09-25"], [0.045, "2026-08-01"], "vpc"),
  endpoint: price("interface endpoint, a service and zone", "hour", [0.014, "2026-09-25"], [0.01], "privatelink"),
  loadBalancer: price("load balancer", "hour", [0.0243, "undated"], [0.0225, "2026-08-01"], "elasticloadbalancing"),
  lcu: price("load balancer, capacity", "LCU-hour", [0.008, "undated"], [0.008, "2026-08-01"], "elasticloadbalancing"),
  "ARM64 vcpu": price("Fargate vCPU, ARM", "hour", [0.04045, "2026-09-16"], [0.03238, "2026-08-28"], "fargate"),
  "ARM64 gb": price("Fargate GB of memory, ARM", "hour", [0.00442, "2026-09-16"], [0.00356, "2026-08-28"], "fargate"),
  "X86_64 vcpu": price("Fargate vCPU, x86", "hour", [0.05056, "2026-09-25"], [0.04048, "2026-08-01"], "fargate"),
  "X86_64 gb": price("Fargate GB of memory, x86", "hour", [0.00553, "2026-09-25"], [0.004445, "2026-08-01"], "fargate"),
  lambdaRequests: price("Lambda requests", "million", [0.2, "2026-09-23"], [0.2], "lambda"),
  lambdaTime: price("Lambda, ARM", "GB-second", [0.000_013_333_4], [0.000_013_333_4], "lambda"),
  api: price("HTTP API requests", "million", [1.29, "2026-09-23"], [1], "api-gateway"),
  reads: price("DynamoDB reads", "million", [0.1425, "2026-09-23"], [0.125], "dynamodb"),
  secret: price("secret", "month", [0.4, "2026-09-11"], [0.4], "secrets-manager"),
  alarm: price("alarm", "month", [0.1, "2026-07-20"], [0.1], "cloudwatch"),
  dashboard: price("dashboard", "month", [3], [3], "cloudwatch"),
  logs: price("logs taken in", "GB", [0.76, "2026-07-20"], [0.5], "cloudwatch"),
  out: price("data out to the internet", "GB", [0.114, "2026-09-23"], [0.09], "ec2"),
  image: price("images in ECR", "GB and month", [0.1, "2026-09-23"], [0.1], "ecr"),
} as const satisfies Record<string, Price>;

/** The key of a price in `PRICES`. */
export type PriceKey = keyof typeof PRICES;
