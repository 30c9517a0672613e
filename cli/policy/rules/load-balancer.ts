import { block, blocks, isTrue, namesAtLeast } from "../../terraform/configuration";
import type { Rule } from "../rule";

const LOAD_BALANCER = ["aws_lb"];
const LISTENER = ["aws_lb_listener"];
/** TLS 1.2 and later with forward secrecy. */
const TLS_POLICIES = /^ELBSecurityPolicy-(TLS13-1-[23]|FS-1-2-Res)/;

/** Rules for load balancers, listeners and target groups. */
export const loadBalancerRules: readonly Rule[] = [
  {
    id: "balancer-over-zones",
    also: "ELB.13",
    on: LOAD_BALANCER,
    finds: (balancer) =>
      namesAtLeast(2, balancer, "subnets") || blocks(balancer.values.subnet_mapping).length >= 2
        ? undefined
        : "is in one zone",
  },
  {
    id: "balancer-drops-invalid-headers",
    also: "ELB.4, CKV_AWS_131",
    on: LOAD_BALANCER,
    finds: ({ values }) => (isTrue(values.drop_invalid_header_fields) ? undefined : "hands on malformed headers"),
  },
  {
    id: "balancer-desync",
    also: "ELB.12, CKV_AWS_328",
    on: LOAD_BALANCER,
    finds: ({ values }) =>
      ["defensive", "strictest", undefined].includes(values.desync_mitigation_mode as string)
        ? undefined
        : "hands on ambiguous requests",
  },
  {
    id: "listener-tls",
    also: "ELB.17, CKV_AWS_103",
    on: LISTENER,
    finds: ({ values }) =>
      values.protocol === "HTTPS" && !TLS_POLICIES.test(String(values.ssl_policy))
        ? "takes TLS older than 1.2"
        : undefined,
  },
  {
    id: "listener-https",
    also: "ELB.1, CKV_AWS_2",
    on: LISTENER,
    finds({ values }) {
      if (values.protocol !== "HTTP") return undefined;
      return blocks(values.default_action).every(({ type }) => type === "redirect") ? undefined : "serves plain http";
    },
  },
  {
    id: "target-health-check",
    also: "CKV_AWS_261",
    on: ["aws_lb_target_group"],
    finds: ({ values }) => (block(values.health_check).path ? undefined : "names no path for its health check"),
  },
  {
    id: "target-drains",
    on: ["aws_lb_target_group"],
    finds: ({ values }) =>
      Number(values.deregistration_delay ?? 300) >= 1 ? undefined : "cuts requests off when a target leaves",
  },
];
