import * as z from "zod";
import { SERVICE_KEY } from "../modules/load-balancer/service-key";
import { checkScheme, loadBalancer } from "./load-balancer";
import { cidrs, oneOf, retentionDays, text, whole } from "./values";

const PATHS = 'a list of paths, as in ["/admin", "/admin/*"]';
const service = z
  .strictObject(
    {
      key: text(SERVICE_KEY.pattern, SERVICE_KEY.allowed),
      paths: z.array(z.string(PATHS), PATHS),
      minTasks: whole(1, 5000).optional(),
      maxTasks: whole(1, 5000).optional(),
    },
    'an object { "key", "paths", "minTasks", "maxTasks" }',
  )
  .refine(({ minTasks = 2, maxTasks = minTasks }) => minTasks <= maxTasks, {
    path: ["maxTasks"],
    message: "at least minTasks (2 when left out)",
  });

const instances = z
  .strictObject(
    {
      instanceType: text(/^[a-z0-9-]+\.[a-z0-9]+$/, "an EC2 instance type, as in t4g.medium").optional(),
      minInstances: whole(1, 500).optional(),
      maxInstances: whole(1, 500).optional(),
    },
    'an object { "instanceType", "minInstances", "maxInstances" }',
  )
  .refine(({ minInstances = 2, maxInstances = minInstances }) => minInstances <= maxInstances, {
    path: ["maxInstances"],
    message: "at least minInstances (2 when left out)",
  });

/** Services behind a load balancer, as the stack session-ecs has them. */
export const ecs = z
  .strictObject(
    {
      /** Who may open the app; over plain http there is no default. */
      allowedCidrs: cidrs('a list of IPv4 blocks, as in ["203.0.113.0/24"]; everybody is "0.0.0.0/0"').optional(),
      ...loadBalancer,
      launchType: oneOf("FARGATE", "EC2").default("FARGATE"),
      /** The document's two when left out. */
      services: z.array(service, "a list of services").min(1, "at least one service").optional(),
      /** null: Node's public image and the bundle out of S3. */
      image: text(/^[\w.:/@-]+$/, "the name of an image, as npm run image prints it")
        .nullable()
        .default(null),
      /** null: the stack has none. */
      repository: z
        .strictObject(
          { forceDelete: z.boolean("true or false").optional(), keptImages: whole(2, 1000).optional() },
          'an object { "forceDelete", "keptImages" }, or null',
        )
        .nullable()
        .default({}),
      cpu: whole(128, 196_608).optional(),
      memoryMib: whole(128, 1_048_576).optional(),
      architecture: oneOf("ARM64", "X86_64").optional(),
      instances: instances.optional(),
      cpuPercent: whole(10, 90).optional(),
      requestsPerMinute: whole(1, 100_000_000).optional(),
      logRetentionDays: retentionDays.optional(),
      containerInsights: oneOf("disabled", "enabled", "enhanced").optional(),
      executeCommand: z.boolean("true or false").optional(),
      readonlyRootFilesystem: z.boolean("true or false").optional(),
      waitForSteadyState: z.boolean("true or false").optional(),
    },
    "an object",
  )
  .superRefine(checkScheme)
  .refine(({ http, allowedCidrs }) => http === undefined || allowedCidrs !== undefined, {
    path: ["allowedCidrs"],
    message: "a list of IPv4 blocks beside http: true",
  });
