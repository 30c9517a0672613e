import * as z from "zod";
import { ANY_PARTITION } from "../modules/partitions";
import { text, whole } from "./values";

/** Settings of a load balancer. */
export const loadBalancer = {
  certificateArn: text(new RegExp(`^arn:${ANY_PARTITION}:acm:`), "the ARN of a certificate in AWS Certificate Manager")
    .optional()
    .meta({
      description:
        "ARN of a certificate of the same region, with which visitors come by https. Without it, http must be true",
    }),
  http: z
    .literal(true, "true, or to be left out")
    .optional()
    .meta({ description: "true for plain http, instead of certificateArn" }),
  internal: z
    .boolean("true or false")
    .default(false)
    .meta({ description: "Whether the load balancer is in the private subnets; another value replaces it" }),
  domainName: text(/^[a-z0-9.-]{1,253}$/, "a host name in small letters, as in app.example.com")
    .optional()
    .meta({ description: "Host name that visitors use, as in app.example.com", otherwise: "the load balancer's own" }),
  deletionProtection: z
    .boolean("true or false")
    .default(false)
    .meta({ description: "Whether AWS refuses to delete the load balancer" }),
  accessLogsBucket: text(/^[a-z0-9.-]{3,63}$/, "the name of a bucket")
    .optional()
    .meta({ description: "Name of your bucket for access logs", otherwise: "no access logs" }),
  webAclArn: text(new RegExp(`^arn:${ANY_PARTITION}:wafv2:`), "the ARN of a regional web ACL")
    .optional()
    .meta({ description: "ARN of your regional web ACL (AWS WAF)", otherwise: "no web ACL" }),
};

/** Targets of Auto Scaling. @param of - the unit that is added and removed */
export const scalingTargets = (of: string) => ({
  cpuPercent: whole(10, 90)
    .optional()
    .meta({ description: `Scaling target: average CPU of ${of}, in percent`, default: 50 }),
  requestsPerMinute: whole(1, 100_000_000)
    .optional()
    .meta({ description: `Scaling target: requests a minute of ${of}`, otherwise: "scaling by CPU alone" }),
});

interface Scheme {
  readonly certificateArn?: string | undefined;
  readonly http?: true | undefined;
}

/** Refuses settings with both https and plain http, or with neither. The error names the key to change. */
export function checkScheme({ certificateArn, http }: Scheme, context: z.RefinementCtx): void {
  if (certificateArn !== undefined && http !== undefined) {
    const message = "nothing beside certificateArn, with which port 80 redirects: remove http";
    context.addIssue({ code: "custom", path: ["http"], message });
  }
  if (certificateArn === undefined && http === undefined) {
    const message = "the ARN of a certificate; for plain http, give http: true instead";
    context.addIssue({ code: "custom", path: ["certificateArn"], message });
  }
}
