import * as z from "zod";
import { checkScheme, loadBalancer } from "./load-balancer";
import { cidrs, text, whole } from "./values";

const ssh = z.strictObject(
  {
    keyName: text(/^(?!.*[$%]\{)[\x20-\x7e]{1,255}$/, "the name of an EC2 key pair, without ${ and %{"),
    allowedCidrs: cidrs('a list of IPv4 blocks, as in ["203.0.113.7/32"]'),
  },
  'an object { "keyName", "allowedCidrs" }',
);

const fleet = z
  .strictObject(
    {
      minInstances: whole(1, 500).default(2),
      maxInstances: whole(1, 500).optional(),
      ...loadBalancer,
      publicAddresses: z.boolean("true or false").default(false),
      cpuPercent: whole(10, 90).optional(),
      requestsPerMinute: whole(1, 100_000_000).optional(),
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
      /** Who may open the app. */
      allowedCidrs: cidrs('a list of IPv4 blocks, as in ["203.0.113.0/24"]; everybody is "0.0.0.0/0"'),
      instanceType: text(/^[a-z0-9-]+\.[a-z0-9]+$/, "an EC2 instance type, as in t4g.small").optional(),
      /** Metrics every minute; costs money. */
      detailedMonitoring: z.boolean("true or false").optional(),
      /** null closes port 22; Session Manager opens a shell. */
      ssh: ssh.nullable().default(null),
      /** null is one instance with a fixed address; else instances behind a load balancer. */
      fleet: fleet.nullable().default(null),
    },
    "an object",
  )
  .refine(({ ssh, fleet }) => ssh === null || fleet === null, {
    path: ["ssh"],
    message: "null beside ec2.fleet, where only the load balancer gets in: Session Manager opens a shell",
  });
