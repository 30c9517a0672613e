import * as z from "zod";
import { SERVICE_KEY } from "../modules/load-balancer/service-key";
import { checkScheme, loadBalancer, scalingTargets } from "./load-balancer";
import { ssh } from "./ssh";
import { oneOf, retentionDays, text, visitors, whole } from "./values";
import { admitsOthers, otherVisitors } from "./visitors";

const PATHS = 'a list of paths, as in ["/admin", "/admin/*"]';
const IMAGE_NAME = /^[\w.:/@-]+$/;
const imageName = text(IMAGE_NAME, "the name of an image, with a tag or a digest");
const service = z
  .strictObject(
    {
      key: text(SERVICE_KEY.pattern, SERVICE_KEY.allowed).meta({
        description: "Name of the service, part of its addresses: 1 to 64 letters, digits and hyphens",
      }),
      paths: z.array(z.string(PATHS), PATHS).meta({
        description: "Paths of the service. The first service also answers every path that no service lists",
      }),
      minTasks: whole(1, 5000).optional().meta({ description: "Smallest number of tasks", default: 2 }),
      maxTasks: whole(1, 5000).optional().meta({ description: "Largest number of tasks", otherwise: "twice minTasks" }),
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
      instanceType: text(/^[a-z0-9-]+\.[a-z0-9]+$/, "an EC2 instance type, as in t4g.medium")
        .optional()
        .meta({ description: "EC2 instance type, for launchType EC2", default: "t4g.medium" }),
      minInstances: whole(1, 500).optional().meta({ description: "Smallest number of instances", default: 2 }),
      maxInstances: whole(1, 500)
        .optional()
        .meta({ description: "Largest number of instances", otherwise: "twice minInstances" }),
      cpuCredits: oneOf("standard", "unlimited").optional().meta({
        description: "An instance without CPU credits slows down, or AWS charges for more credits",
        otherwise: "unlimited for T3 and T4g, standard for T2",
      }),
    },
    'an object { "instanceType", "minInstances", "maxInstances", "cpuCredits" }',
  )
  .refine(({ minInstances = 2, maxInstances = minInstances }) => minInstances <= maxInstances, {
    path: ["maxInstances"],
    message: "at least minInstances (2 when left out)",
  });

/** Services behind a load balancer, as the stack session-ecs has them. */
export const ecs = z
  .strictObject(
    {
      allowedCidrs: visitors.optional().meta({
        description:
          'Networks that may open the app, as IPv4 blocks; ["0.0.0.0/0"] is the whole internet. Required beside http',
        otherwise: "the whole internet",
      }),
      ...otherVisitors,
      ...loadBalancer,
      launchType: oneOf("FARGATE", "EC2").default("FARGATE").meta({ description: "Where tasks run" }),
      services: z
        .array(service, "a list of services")
        .min(1, "at least one service")
        .optional()
        .meta({ description: "Services behind the load balancer", otherwise: "/1 and the rest, and /2" }),
      image: text(IMAGE_NAME, "the name of an image, as npm run image prints it").nullable().default(null).meta({
        description:
          "Image of the app, as npm run image prints it. null: a public image of Node.js, and the app from S3",
      }),
      baseImages: z
        .strictObject(
          {
            node: imageName.optional().meta({
              description: "Image of Node.js, also the base of npm run image",
              otherwise: "the official image in ECR Public",
            }),
            awsCli: imageName.optional().meta({
              description: "Image of the AWS CLI, which fetches the app without ecs.image",
              otherwise: "the AWS CLI's image in ECR Public",
            }),
          },
          'an object { "node", "awsCli" }',
        )
        .optional()
        .meta({
          description: "Images that the app runs on, as of a pull-through cache, with a tag or a digest",
          default: {},
        }),
      repository: z
        .strictObject(
          {
            forceDelete: z
              .boolean("true or false")
              .optional()
              .meta({ description: "Whether destroy deletes a repository with images in it", default: true }),
            keptImages: whole(2, 1000)
              .optional()
              .meta({ description: "Number of images that the repository keeps", default: 20 }),
          },
          'an object { "forceDelete", "keptImages" }, or null',
        )
        .nullable()
        .default({})
        .meta({ description: "The stack's image repository. null creates none" }),
      cpu: whole(128, 196_608).optional().meta({ description: "CPU units of a task; 1024 are a vCPU", default: 512 }),
      memoryMib: whole(128, 1_048_576).optional().meta({ description: "Memory of a task in MiB", default: 1024 }),
      architecture: oneOf("ARM64", "X86_64")
        .optional()
        .meta({ description: "Processor architecture; X86_64 is for Fargate", default: "ARM64" }),
      instances: instances.optional().meta({ description: "Instances for launchType EC2", default: {} }),
      ssh: ssh.meta({
        description: "Access by SSH to the instances of launchType EC2. null: Session Manager opens a shell",
      }),
      ...scalingTargets("a task"),
      logRetentionDays: retentionDays.optional().meta({ description: "How long logs are kept, in days", default: 14 }),
      containerInsights: oneOf("disabled", "enabled", "enhanced")
        .optional()
        .meta({ description: "Container Insights of CloudWatch; costs money", default: "disabled" }),
      executeCommand: z
        .boolean("true or false")
        .optional()
        .meta({ description: "ECS Exec, which needs readonlyRootFilesystem false", default: false }),
      readonlyRootFilesystem: z
        .boolean("true or false")
        .optional()
        .meta({ description: "Whether containers can't write to their root file system", default: true }),
      waitForSteadyState: z.boolean("true or false").optional().meta({
        description: "Whether a deployment ends when all new tasks serve, and fails when ECS rolls back",
        default: true,
      }),
    },
    "an object",
  )
  .superRefine(checkScheme)
  .refine((ecs) => ecs.http === undefined || ecs.allowedCidrs !== undefined || admitsOthers(ecs), {
    path: ["allowedCidrs"],
    message: "a list of IPv4 blocks beside http: true",
  });
