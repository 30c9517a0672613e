import * as z from "zod";
import { CIDR, keyArn, oneOf, retentionDays, text } from "./values";

const flowLog = z.strictObject(
  {
    /** false, by name, leaves the VPC without one. */
    enabled: z.boolean("true or false").optional(),
    retentionDays: retentionDays.optional(),
    traffic: oneOf("ALL", "ACCEPT", "REJECT").optional(),
    aggregationSeconds: z.literal([60, 600], "60 or 600").optional(),
    kmsKeyArn: keyArn.optional(),
  },
  "an object",
);

/** null is as good as left out: so that one context can take back what another one says. */
const leftOut = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** How a network is made. */
const newNetwork = {
  vpcCidr: leftOut(text(CIDR, "an IPv4 block from /16 to /23, as in 10.0.0.0/16")),
  /** Letters of the zones; the first two matter for failover. */
  availabilityZones: leftOut(
    z.array(text(/^[a-f]$/, "zone letters from a to f"), "a list of zone letters").min(1, "at least one"),
  ),
  nat: leftOut(oneOf("none", "single", "per-zone")),
  /** Chosen before the first deploy: another one makes other subnets. */
  subnetLayout: leftOut(oneOf("even", "large-private")),
  flowLog: leftOut(flowLog),
};

const subnets = z.record(
  text(/^[a-f]$/, "zone letters from a to f"),
  z.strictObject(
    {
      subnetId: z.string("the id of a subnet, subnet-…"),
      cidr: text(CIDR, "the subnet's IPv4 block"),
      routeTableId: z.string("the id of a route table, rtb-…").optional(),
    },
    'an object { "subnetId", "cidr", "routeTableId" }',
  ),
  "subnets by their zone's letter",
);

const existingNetwork = z.strictObject(
  {
    vpcId: z.string("the id of a VPC, vpc-…"),
    cidr: text(CIDR, "the VPC's IPv4 block").optional(),
    /** Of a VPC with several, in place of `cidr`. */
    cidrs: z.array(text(CIDR, "the VPC's IPv4 blocks"), "a list of IPv4 blocks").optional(),
    endpointZones: z.array(oneOf("a", "b", "c", "d", "e", "f"), "a list of zone letters").optional(),
    privateSubnets: subnets,
    publicSubnets: subnets.optional(),
    privateSubnetsReachInternet: z.boolean("true or false").optional(),
    endpoints: z.record(z.string(), z.string("an id"), 'ids by service, as in { "secretsmanager": "sg-…" }').optional(),
  },
  'an object { "vpcId", "cidr", "privateSubnets", … }',
);

/** The network, whoever makes it. */
export const network = {
  ...newNetwork,
  /** A VPC that is there already; null makes one. */
  existingNetwork: existingNetwork.nullable().default(null),
  /** AWS by endpoints alone, even where there is a way to the internet. */
  privateAwsAccess: z.boolean("true or false").default(false),
};

type Network = z.infer<z.ZodObject<typeof network>>;

/** What says how to make a network means nothing beside one that is there. */
export function refuseBoth(settings: Network, check: z.RefinementCtx): void {
  if (settings.existingNetwork === null) return;
  for (const key of Object.keys(newNetwork) as (keyof typeof newNetwork)[]) {
    if (settings[key] === undefined) continue;
    check.addIssue({ code: "custom", path: [key], message: "nothing beside existingNetwork: leave it out" });
  }
}
