import * as z from "zod";
import { text } from "./values";

/** What a stack with a load balancer says of it. */
export const loadBalancer = {
  /** With one, visitors come by https; without, `http` must be true. */
  certificateArn: text(/^arn:aws:acm:/, "the ARN of a certificate in AWS Certificate Manager").optional(),
  http: z.literal(true, "true, or to be left out").optional(),
  domainName: text(/^[a-z0-9.-]{1,253}$/, "a host name in small letters, as in app.example.com").optional(),
  deletionProtection: z.boolean("true or false").default(false),
  accessLogsBucket: text(/^[a-z0-9.-]{3,63}$/, "the name of a bucket").optional(),
  webAclArn: text(/^arn:aws:wafv2:/, "the ARN of a regional web ACL").optional(),
};

interface Scheme {
  readonly certificateArn?: string | undefined;
  readonly http?: true | undefined;
}

/** Refuses settings that name both https and plain http, or neither, at the key that is to be changed. */
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
