import { block, blocks, type Values } from "../../terraform/configuration";
import { ending } from "../change";
import {
  calm,
  type Effect,
  each,
  effects,
  ended,
  interruption,
  interrupts,
  switchedOff,
  type TypeEffects,
  unjudged,
} from "./effect";
import { interruptOnRemoval } from "./lists";

const firewall: Effect = ({ before, after }) => {
  const isBlocking = (values: Values | undefined) => blocks(block(values?.default_action).block).length > 0;
  if (isBlocking(after) && !isBlocking(before)) return [interruption("blocks by default: visitors are refused")];
  return isBlocking(before) && !isBlocking(after)
    ? [{ kind: "ports", what: "lets through by default what it blocked" }]
    : [];
};

const record: Effect = (change) => [
  interruption(
    `leads ${change.after?.name ?? "its name"} elsewhere: who has looked it up goes to the old one until its TTL ends`,
  ),
];
const dns = ended("its name leads nowhere, and visitors find no server");

/** Names, certificates, firewalls and edges in front of a load balancer. */
export const ENTRANCES: Readonly<Record<string, TypeEffects>> = {
  aws_acm_certificate: effects("acm/latest/userguide/acm-overview.html", {
    destroyed: ended("browsers are refused where it was shown"),
    replaced: (change) =>
      change.createsFirst ? [] : [interruption(`${ending(change)}: browsers are refused where it was shown`)],
    calm: ["options", "early_renewal_duration"],
  }),
  aws_acm_certificate_validation: effects("acm/latest/userguide/dns-validation.html", { destroyed: calm }),
  aws_route53_record: effects("Route53/latest/DeveloperGuide/resource-record-sets-values.html", {
    destroyed: dns,
    replaced: ended("its name leads nowhere in between, then elsewhere"),
    calm: ["ttl", "allow_overwrite"],
    changed: {
      ...each(["records", "alias", "type", "name"], record),
      ...each(
        ["weighted_routing_policy", "failover_routing_policy", "latency_routing_policy", "health_check_id"],
        unjudged,
      ),
    },
  }),
  aws_route53_zone: effects("Route53/latest/DeveloperGuide/hosted-zones-working-with.html", {
    destroyed: dns,
    changed: { vpc: interrupts("is found from other VPCs alone") },
  }),
  aws_route53_zone_association: effects("Route53/latest/DeveloperGuide/hosted-zones-private.html", { destroyed: dns }),
  aws_wafv2_web_acl: effects("waf/latest/developerguide/web-acl.html", {
    destroyed: ended("what it blocked is let through", "ports"),
    calm: ["visibility_config", "custom_response_body"],
    changed: { default_action: firewall },
  }),
  aws_wafv2_web_acl_association: effects("waf/latest/developerguide/web-acl-associating-aws-resource.html", {
    created: unjudged,
    destroyed: ended("what its firewall blocked is let through", "ports"),
  }),
  aws_cloudfront_distribution: effects("AmazonCloudFront/latest/DeveloperGuide/distribution-overview.html", {
    destroyed: ended("its domain name does not answer any more"),
    calm: ["price_class", "http_version", "logging_config", "wait_for_deployment", "retain_on_delete"],
    changed: {
      enabled: switchedOff("enabled", interrupts("is switched off: its domain name does not answer")),
      aliases: interruptOnRemoval("aliases", "answers no more for"),
    },
  }),
  aws_globalaccelerator_accelerator: effects("global-accelerator/latest/dg/what-is-global-accelerator.html", {
    destroyed: ended("its addresses do not answer any more"),
    changed: { enabled: switchedOff("enabled", interrupts("is switched off: its addresses do not answer")) },
  }),
};
