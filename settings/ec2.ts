import * as z from "zod";
import { checkScheme, loadBalancer, scalingTargets } from "./load-balancer";
import { ssh } from "./ssh";
import { oneOf, retentionDays, text, visitors, whole } from "./values";
import { admitsOthers, otherVisitors } from "./visitors";

const fleet = z
  .strictObject(
    {
      minInstances: whole(1, 500).default(2).meta({ description: "Smallest number of instances" }),
      maxInstances: whole(1, 500).optional().meta({
        description: "Largest number of instances; the same as minInstances turns scaling off",
        otherwise: "twice minInstances",
      }),
      ...loadBalancer,
      publicAddresses: z
        .boolean("true or false")
        .default(false)
        .meta({ description: "Public addresses for the instances instead of endpoints or NAT" }),
      ...scalingTargets("an instance"),
    },
    "an object",
  )
  .superRefine(checkScheme)
  .refine(({ minInstances, maxInstances = minInstances }) => minInstances <= maxInstances, {
    path: ["maxInstances"],
    message: "at least minInstances (2 when left out)",
  });

/** The app on one instance, or on a fleet behind a load balancer. */
export const ec2 = z
  .strictObject(
    {
      allowedCidrs: visitors.optional().meta({
        description:
          'Networks that may open the app, as IPv4 blocks; ["0.0.0.0/0"] is the whole internet. Required unless prefix lists or security groups are allowed',
        otherwise: "no network",
      }),
      ...otherVisitors,
      instanceType: text(/^[a-z0-9-]+\.[a-z0-9]+$/, "an EC2 instance type, as in t4g.small")
        .optional()
        .meta({ description: "EC2 instance type; it decides the processor architecture", default: "t4g.small" }),
      detailedMonitoring: z
        .boolean("true or false")
        .optional()
        .meta({ description: "Metrics every minute instead of every five minutes; costs money", default: false }),
      cpuCredits: oneOf("standard", "unlimited").optional().meta({
        description: "A burstable instance without CPU credits slows down, or AWS charges for more credits",
        otherwise: "unlimited for T3 and T4g, standard for T2",
      }),
      logs: z.boolean("true or false").optional().meta({
        description: "Whether the logs of app and setup go to CloudWatch; costs money",
        otherwise: "true with ec2.fleet, else false",
      }),
      logRetentionDays: retentionDays
        .optional()
        .meta({ description: "How long logs are kept in CloudWatch, in days", default: 14 }),
      ssh,
      fleet: fleet
        .nullable()
        .default(null)
        .meta({ description: "Instances behind a load balancer. null is one instance with a fixed address" }),
    },
    "an object",
  )
  .refine((ec2) => ec2.allowedCidrs !== undefined || admitsOthers(ec2), {
    path: ["allowedCidrs"],
    message:
      'a list of IPv4 blocks, as in ["203.0.113.0/24"], or ["203.0.113.7/32"] for one address; everybody is "0.0.0.0/0"',
  })
  .refine(({ ssh, fleet }) => ssh === null || fleet === null, {
    path: ["ssh"],
    message: "null beside ec2.fleet, where only the load balancer gets in: Session Manager opens a shell",
  });
