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
/** Whether the settings name either https or plain http. */
export const hasOneScheme = ({ certificateArn, http }: Scheme) =>
  (certificateArn === undefined) !== (http === undefined);
/** The message for settings that name both, or neither. */
export const ONE_SCHEME = "either certificateArn, or http: true for plain http by name";
