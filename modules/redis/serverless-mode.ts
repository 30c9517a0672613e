import { Port } from "../connections";

/**
 * A serverless cache always has TLS, and shows itself as a cluster whose slots are all on one node.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/RedisConfiguration.html#RedisConfiguration.Serverless
 */
export const SERVERLESS_MODE = { clusterMode: true, serverless: true, tls: true } as const;

/**
 * The primary endpoint is on the first port, the reader endpoint on the last one. Clients in cluster mode learn of both from the cache,
 * and connect to either (https://github.com/cloudposse/terraform-aws-elasticache-redis/issues/250).
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ReadReplicas.html
 */
export const SERVERLESS_PORTS = Port.tcpRange(6379, 6380);
