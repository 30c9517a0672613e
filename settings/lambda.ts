import * as z from "zod";
import { arn, keyArn, retentionDays, text, whole } from "./values";

const domain = z.strictObject(
  {
    name: text(/^[a-z0-9.-]{4,253}$/, "a host name in small letters, as in app.example.com"),
    certificateArn: arn("acm", "a certificate in AWS Certificate Manager"),
  },
  'an object { "name", "certificateArn" }',
);

/** The app as a Lambda function. */
export const lambda = z
  .strictObject(
    {
      memoryMib: whole(128, 10_240).optional(),
      timeoutSeconds: whole(1, 900).optional(),
      reservedConcurrency: whole(1, 65_000).optional(),
      domain: domain.nullable().default(null),
      logRetentionDays: retentionDays.optional(),
      /** Traces in X-Ray; costs money. */
      tracing: z.boolean("true or false").optional(),
      /** Key of the functions' environments, in which there is no secret. */
      kmsKeyArn: keyArn.optional(),
    },
    "an object",
  )
  .prefault({});
