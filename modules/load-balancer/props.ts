import { VISITOR_OPTIONS, type VisitorOptions } from "../connections/visitors";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectOf, type PropTypes, required, TEXT } from "../validation";
import { ACCESS_LOGS, type AccessLogs } from "./access-logs";
import type { PathRule } from "./path-rules";
import { TARGET_GROUP, type TargetGroup } from "./target-group";

/** Access to a load balancer and its protection: the props that topologies pass on. */
export interface LoadBalancerOptions extends VisitorOptions {
  /**
   * ARN of a certificate in AWS Certificate Manager, of the stack's region. With one, port 443 serves and port 80
   * redirects to it.
   * @default - none; then `http` must be true
   */
  readonly certificateArn?: string;
  /**
   * Serves plain http on port 80, without encryption. Not allowed together with a certificate.
   * @default false
   */
  readonly http?: boolean;
  /**
   * IPv4 blocks that can connect, as in `203.0.113.0/24`. `0.0.0.0/0` is everybody.
   * @default - with a certificate, everybody, unless prefix lists or peers are allowed; required for plain http
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * Whether the load balancer has private addresses only, in the private subnets of the network, for visitors of a company's networks.
   * AWS cannot change it, so a new value replaces the load balancer.
   * @default false
   */
  readonly internal?: boolean;
  /**
   * Name of the load balancer, at most 32 letters, digits and hyphens. AWS cannot change it, so a new name replaces the load balancer.
   * @default - the ids of the stack and of the constructs around it, joined by hyphens
   */
  readonly loadBalancerName?: string;
  /**
   * Host name for visitors, as in `app.example.com`. The construct creates no DNS record: point yours at `dnsName`.
   * @default - the name that AWS assigns
   */
  readonly domainName?: string;
  /**
   * Idle timeout of connections in seconds, 1 to 4000. It must be below the keep-alive time of each app behind the load balancer.
   * @default 60
   */
  readonly idleTimeoutSeconds?: number;
  /**
   * Whether AWS refuses to delete the load balancer, also on a destroy.
   * @default false
   */
  readonly deletionProtection?: boolean;
  /**
   * Bucket for access logs.
   * @default - no access logs
   */
  readonly accessLogs?: AccessLogs;
  /**
   * ARN of a web ACL of AWS WAF, of scope REGIONAL.
   * @default - none
   */
  readonly webAclArn?: string;
}

/** Types of the props of {@link LoadBalancerOptions}. */
export const LOAD_BALANCER_OPTIONS: PropTypes<LoadBalancerOptions> = {
  ...VISITOR_OPTIONS,
  certificateArn: TEXT,
  http: BOOLEAN,
  allowedCidrs: listOf(TEXT),
  internal: BOOLEAN,
  loadBalancerName: TEXT,
  domainName: TEXT,
  idleTimeoutSeconds: NUMBER,
  deletionProtection: BOOLEAN,
  accessLogs: objectOf(ACCESS_LOGS),
  webAclArn: TEXT,
};

/** Properties of a {@link LoadBalancer}. */
export interface LoadBalancerProps extends LoadBalancerOptions, ProviderProps {
  /** The network of the load balancer. It uses all public subnets, or with `internal` all private subnets, in at least two zones. */
  readonly network: INetwork;
  /** Target group of requests that match no rule. */
  readonly defaultTarget: TargetGroup;
  /**
   * Rules for paths with another target group.
   * @default - all requests go to the default target
   */
  readonly pathRules?: readonly PathRule[];
}

/** Types of the props of {@link LoadBalancerProps}. */
export const LOAD_BALANCER_PROPS: PropTypes<LoadBalancerProps> = {
  ...PROVIDER_PROPS,
  ...LOAD_BALANCER_OPTIONS,
  network: NETWORK,
  defaultTarget: required(TARGET_GROUP),
  pathRules: listOf(
    objectOf<PathRule>({ key: required(TEXT), paths: required(listOf(TEXT)), target: required(TARGET_GROUP) }),
  ),
};
