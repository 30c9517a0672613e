import * as z from "zod";
import { arn, cacheNodeType, keyArn, oneOf, retentionDays, text, visitors, whole } from "./values";

const domain = z.strictObject(
  {
    name: text(/^[a-z0-9.-]{4,253}$/, "a host name in small letters, as in app.example.com").meta({
      description: "Host name that visitors use, as in app.example.com",
    }),
    certificateArn: arn("acm", "a certificate in AWS Certificate Manager").meta({
      description: "ARN of a certificate of the same region",
    }),
  },
  'an object { "name", "certificateArn" }',
);

const CONCURRENCY = {
  description: "Executions at once that AWS reserves for this function",
  otherwise: "no reservation",
};

const photoCache = z.strictObject(
  {
    engine: oneOf("redis", "memcached").optional().meta({
      description: "Cache of the photos",
      otherwise: "redis where the stack manages the cache's users, else memcached",
    }),
    nodes: whole(1, 60).optional().meta({ description: "Nodes of memcached", otherwise: "one for each zone" }),
    nodeType: cacheNodeType.optional().meta({ description: "Node type of memcached", default: "cache.t4g.micro" }),
    tableName: text(/^[a-zA-Z0-9_.-]{3,255}$/, "a DynamoDB table's name, as in Photo")
      .optional()
      .meta({ description: "Name of the DynamoDB table", otherwise: "the stack's prefix and Photo" }),
    deletionProtection: z
      .boolean("true or false")
      .optional()
      .meta({ description: "Whether AWS refuses to delete the table", default: false }),
    tableKmsKeyArn: keyArn
      .optional()
      .meta({ description: "ARN of the table's KMS key", otherwise: "DynamoDB's own key, free of charge" }),
    ttlSeconds: whole(1, 2_592_000)
      .optional()
      .meta({ description: "How long the cache keeps a photo, in seconds", default: 300 }),
    timeoutSeconds: whole(1, 900)
      .optional()
      .meta({ description: "Longest run of the function, in seconds", default: 15 }),
    reservedConcurrency: whole(1, 65_000).optional().meta(CONCURRENCY),
  },
  'an object { "engine", … }, or null',
);

/** The app as a Lambda function, and the source document's own. */
export const lambda = z
  .strictObject(
    {
      // A documentation network, in which no visitor has an address.
      allowedCidrs: visitors.default(["203.0.113.0/24"]),
      requestsPerSecond: whole(1, 1_000_000)
        .optional()
        .meta({ description: "Requests a second that the API admits, of all visitors together", default: 100 }),
      burstRequests: whole(1, 1_000_000)
        .optional()
        .meta({ description: "Requests at once that the API admits, of all visitors together", default: 200 }),
      memoryMib: whole(128, 10_240)
        .optional()
        .meta({ description: "Memory of the function in MiB; CPU grows with it", default: 1024 }),
      timeoutSeconds: whole(1, 900)
        .optional()
        .meta({ description: "Longest run of the function, from 11 to 28 seconds", default: 15 }),
      reservedConcurrency: whole(1, 65_000).optional().meta(CONCURRENCY),
      runtime: text(/^nodejs[1-9]\d\.x$/, "a runtime of Lambda for Node.js, as in nodejs22.x")
        .optional()
        .meta({ description: "Runtime of both functions", default: "nodejs22.x" }),
      domain: domain.nullable().default(null).meta({ description: "Your own domain name. null: the API's own" }),
      logRetentionDays: retentionDays
        .optional()
        .meta({ description: "How long logs of functions and API are kept, in days", default: 14 }),
      tracing: z
        .boolean("true or false")
        .optional()
        .meta({ description: "Traces in X-Ray; costs money", default: false }),
      kmsKeyArn: keyArn.optional().meta({
        description: "ARN of the KMS key of the functions' environments, which have no secret",
        otherwise: "AWS' own key",
      }),
      photoCache: photoCache
        .nullable()
        .prefault({})
        .meta({ description: "Photos from DynamoDB through a cache. null leaves out function and table" }),
    },
    "an object",
  )
  .prefault({});
