import type { Resource, Value } from "../terraform/configuration";
import { readUsageLimit } from "../terraform/usage-limits";
import { HOURS, type Line } from "./line";

const SECONDS = HOURS * 60 * 60;

/**
 * Data in GB that AWS bills at the least, by engine. Memcached has the prices of Redis OSS.
 *
 * @see https://aws.amazon.com/elasticache/pricing/ read on 2026-09-09
 */
export const LEAST_GB = { redis: 1, valkey: 0.1 } as const;

/** An engine in the names of prices. */
type PricedEngine = keyof typeof LEAST_GB;

/**
 * Processor time of the commands alone, in multiples of that of a SET of a short value, by INFO commandstats. ElastiCache Serverless bills the
 * greater of vCPU time and KB; AWS does not publish how it measures vCPU time.
 * @see https://aws.amazon.com/elasticache/pricing/
 */
export const ECPU = { read: 1.5, write: 9, login: 60 } as const;

/** ECPUs of a visit to the app's home page: it reads the session and counts the visit. */
const ECPUS_A_REQUEST = ECPU.read + ECPU.write;

function pricedEngine(engine: Value | undefined): PricedEngine {
  return engine === "valkey" ? "valkey" : "redis";
}

/** ECPUs in a month that AWS bills at the least, in millions: those of the lower limit. */
function leastEcpus(cache: Resource): number {
  return ((readUsageLimit(cache.values, "ecpu_per_second", "minimum") ?? 0) * SECONDS) / 1_000_000;
}

/**
 * The costs of a serverless cache without use: the least data that AWS bills, and its lower limits.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Scaling.html
 */
export function serverlessLines(cache: Resource): Line[] {
  const engine = pricedEngine(cache.values.engine);
  const data = Math.max(LEAST_GB[engine], readUsageLimit(cache.values, "data_storage", "minimum") ?? 0);
  return [
    { price: `serverless ${engine} data`, amount: data * HOURS },
    { price: `serverless ${engine} ecpu`, amount: leastEcpus(cache) },
  ];
}

/** ECPUs of a small site beyond those that the lower limit pays for already. */
export function serverlessUse(cache: Resource, millionRequests: number): Line {
  const used = millionRequests * ECPUS_A_REQUEST;
  return {
    price: `serverless ${pricedEngine(cache.values.engine)} ecpu`,
    amount: Math.max(0, used - leastEcpus(cache)),
    assumes: `${millionRequests} million requests of ${ECPUS_A_REQUEST} ECPUs`,
  };
}
