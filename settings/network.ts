import * as z from "zod";
import { CIDR, keyArn, oneOf, retentionDays, text } from "./values";

const flowLog = z.strictObject(
  {
    enabled: z.boolean("true or false").optional().meta({ description: "false creates no flow log", default: true }),
    retentionDays: retentionDays.optional().meta({ description: "How long the log is kept, in days", default: 14 }),
    traffic: oneOf("ALL", "ACCEPT", "REJECT")
      .optional()
      .meta({ description: "Traffic that is logged", default: "ALL" }),
    aggregationSeconds: z
      .literal([60, 600], "60 or 600")
      .optional()
      .meta({ description: "Longest time between two lines of a flow", default: 600 }),
    kmsKeyArn: keyArn
      .optional()
      .meta({ description: "ARN of the KMS key of the log", otherwise: "CloudWatch's own key" }),
  },
  "an object",
);

/** A setting that counts as left out when it is null, so that one context can take back the value of another one. */
const leftOut = <T extends z.ZodType>(schema: T, meta: z.GlobalMeta) =>
  schema
    .nullish()
    .meta(meta)
    .transform((value) => value ?? undefined);

/** Settings of a new network. */
const newNetwork = {
  vpcCidr: leftOut(text(CIDR, "an IPv4 block from /16 to /23, as in 10.0.0.0/16"), {
    description: "IPv4 block of the VPC, from /16 to /23",
    default: "10.0.0.0/16",
  }),
  availabilityZones: leftOut(
    z.array(text(/^[a-f]$/, "zone letters from a to f"), "a list of zone letters").min(1, "at least one"),
    { description: "Letters of the availability zones; Redis fails over between the first two", default: ["a", "c"] },
  ),
  nat: leftOut(oneOf("none", "single", "per-zone"), {
    description: "NAT gateways; they cost money",
    otherwise: "none for session-ec2, single for session-ecs and session-lambda",
  }),
  subnetLayout: leftOut(oneOf("even", "large-private"), {
    description: "Sizes of the subnets. Choose before the first deployment: another layout creates other subnets",
    default: "even",
  }),
  flowLog: leftOut(flowLog, { description: "Flow log of the VPC", default: {} }),
};

/** The settings that a network that is there already replaces. */
export const NEW_NETWORK_KEYS = Object.keys(newNetwork) as readonly (keyof typeof newNetwork)[];

const subnets = z.record(
  text(/^[a-f]$/, "zone letters from a to f"),
  z.strictObject(
    {
      subnetId: z.string("the id of a subnet, subnet-…").meta({ description: "Id of the subnet, subnet-…" }),
      cidr: text(CIDR, "the subnet's IPv4 block").meta({ description: "IPv4 block of the subnet" }),
      ipv6Cidr: z
        .string("the subnet's IPv6 block")
        .optional()
        .meta({ description: "IPv6 block of the subnet, for caches of dual stack" }),
      routeTableId: z.string("the id of a route table, rtb-…").optional().meta({
        description: "Id of the subnet's route table, rtb-…, to which gateway endpoints are added",
      }),
    },
    'an object { "subnetId", "cidr", "routeTableId" }',
  ),
  "subnets by their zone's letter",
);

const existingNetwork = z.strictObject(
  {
    vpcId: z.string("the id of a VPC, vpc-…").meta({ description: "Id of the VPC, vpc-…" }),
    cidr: text(CIDR, "the VPC's IPv4 block").optional().meta({ description: "IPv4 block of the VPC" }),
    cidrs: z
      .array(text(CIDR, "the VPC's IPv4 blocks"), "a list of IPv4 blocks")
      .optional()
      .meta({ description: "IPv4 blocks of a VPC with several, instead of cidr" }),
    endpointZones: z
      .array(oneOf("a", "b", "c", "d", "e", "f"), "a list of zone letters")
      .optional()
      .meta({ description: "Zones of interface endpoints", otherwise: "the zones of all private subnets" }),
    privateSubnets: subnets.meta({ description: "Private subnets by their zone's letter" }),
    publicSubnets: subnets.optional().meta({ description: "Public subnets by their zone's letter" }),
    privateSubnetsReachInternet: z
      .boolean("true or false")
      .optional()
      .meta({ description: "Whether private subnets lead to the internet", default: false }),
    endpoints: z
      .record(z.string(), z.string("an id"), 'ids by service, as in { "secretsmanager": "sg-…" }')
      .optional()
      .meta({ description: 'Endpoints of the VPC: ids by service, as in { "secretsmanager": "sg-…" }' }),
  },
  'an object { "vpcId", "cidr", "privateSubnets", … }',
);

/** Settings of a new or an existing network. */
export const network = {
  ...newNetwork,
  existingNetwork: existingNetwork
    .nullable()
    .default(null)
    .meta({ description: "An existing VPC, instead of vpcCidr, availabilityZones, nat, subnetLayout and flowLog" }),
  privateAwsAccess: z.boolean("true or false").default(false).meta({
    description: "true: compute reaches AWS through VPC endpoints alone, even in subnets that lead to the internet",
  }),
};

type Network = z.infer<z.ZodObject<typeof network>>;

/** Refuses settings of a new network beside an existing one, because they would have no effect. */
export function refuseBoth(settings: Network, check: z.RefinementCtx): void {
  if (settings.existingNetwork === null) return;
  for (const key of NEW_NETWORK_KEYS) {
    if (settings[key] === undefined) continue;
    check.addIssue({ code: "custom", path: [key], message: "nothing beside existingNetwork: leave it out" });
  }
}
