import * as z from "zod";
import { arn, cidrs, keyArn, oneOf, retentionDays, text, whole } from "./values";

const domain = z.strictObject(
  {
    name: text(/^[a-z0-9.-]{4,253}$/, "a host name in small letters, as in app.example.com"),
    certificateArn: arn("acm", "a certificate in AWS Certificate Manager"),
  },
  'an object { "name", "certificateArn" }',
);

const photoCache = z.strictObject(
  {
    /** Left out: redis where the stack keeps its cache's users, else memcached. */
    engine: oneOf("redis", "memcached").optional(),
    /** Nodes of memcached. */
    nodes: whole(1, 60).optional(),
    nodeType: text(/^cache\.[a-z0-9]+\.[a-z0-9]+$/, "an ElastiCache node type, as in cache.t4g.micro").optional(),
    tableName: text(/^[a-zA-Z0-9_.-]{3,255}$/, "a DynamoDB table's name, as in Photo").optional(),
    deletionProtection: z.boolean("true or false").optional(),
    /** Key of the table; left out, one that DynamoDB owns, free of charge. */
    tableKmsKeyArn: keyArn.optional(),
    ttlSeconds: whole(1, 2_592_000).optional(),
    timeoutSeconds: whole(1, 900).optional(),
    reservedConcurrency: whole(1, 65_000).optional(),
  },
  'an object { "engine", … }, or null',
);

/** The app as a Lambda function, and the source document's own. */
export const lambda = z
  .strictObject(
    {
      /** Networks that may open the app. The default is a documentation network, in which no visitor has an address. */
      allowedCidrs: cidrs('a list of IPv4 blocks, as in ["203.0.113.0/24"]; everybody is "0.0.0.0/0"').default([
        "203.0.113.0/24",
      ]),
      /** Of the API, for all visitors together. */
      requestsPerSecond: whole(1, 1_000_000).optional(),
      burstRequests: whole(1, 1_000_000).optional(),
      memoryMib: whole(128, 10_240).optional(),
      timeoutSeconds: whole(1, 900).optional(),
      reservedConcurrency: whole(1, 65_000).optional(),
      /** Of both functions. */
      runtime: text(/^nodejs[1-9]\d\.x$/, "a runtime of Lambda for Node.js, as in nodejs22.x").optional(),
      domain: domain.nullable().default(null),
      logRetentionDays: retentionDays.optional(),
      /** Traces in X-Ray; costs money. */
      tracing: z.boolean("true or false").optional(),
      /** Key of the functions' environments, in which there is no secret. */
      kmsKeyArn: keyArn.optional(),
      /** null leaves function and table out. */
      photoCache: photoCache.nullable().prefault({}),
    },
    "an object",
  )
  .prefault({});
