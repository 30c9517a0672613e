import type { Peer } from "../connections";
import type { INetwork } from "../network";
import { NETWORK } from "../network/contract";
import { PROVIDER_PROPS, type ProviderProps } from "../stack/provider";
import { BOOLEAN, listOf, NUMBER, objectOf, objectWith, type PropTypes, recordOf, required, TEXT } from "../validation";
import { ACCESS_LOGS, type AccessLogs } from "./access-logs";
import type { PathRule } from "./path-rules";
import { TARGET_GROUP, type TargetGroup } from "./target-group";

/** Access to a load balancer and its protection: the part of its props that topologies hand through. */
export interface LoadBalancerOptions {
  /**
   * ARN of a certificate in AWS Certificate Manager, of the stack's region. With one, port 443 serves and port 80
   * redirects to it.
   * @default - none; then `http` must be true
   */
  readonly certificateArn?: string;
  /**
   * Serves plain http on port 80: everybody on the way reads along. Not together with a certificate.
   * @default false
   */
  readonly http?: boolean;
  /**
   * IPv4 blocks that reach it, as in `203.0.113.0/24`.
   * @default - everybody with a certificate, unless prefix lists or peers are allowed; over plain http, name them: everybody is
   * `0.0.0.0/0`
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * Prefix lists whose blocks reach it, such as CloudFront's or a company's, each by a name of your own that its rule has:
   * `{ cloudfront: "pl-58a04531" }`. Each of their entries counts against the rules that a security group may have.
   * @default - none
   */
  readonly allowedPrefixLists?: Readonly<Record<string, string>>;
  /**
   * Peers that reach it by their security groups: `SecurityGroup.fromExisting` is one for a group that exists.
   * @default - none
   */
  readonly allowedPeers?: readonly Peer[];
  /**
   * Whether it has private addresses alone, in the private subnets of the network: for visitors of a company's own networks.
   * AWS can't change it, so another value replaces the load balancer.
   * @default false
   */
  readonly internal?: boolean;
  /**
   * Its name, at most 32 letters, digits and hyphens. AWS can't change it, so another name replaces the load balancer.
   * @default - the ids of the stack and the constructs around it, joined by hyphens
   */
  readonly loadBalancerName?: string;
  /**
   * The name visitors know it by, as in `app.example.com`. Its DNS record is not made here: point it at `dnsName`.
   * @default - the name AWS gives it
   */
  readonly domainName?: string;
  /**
   * An idle connection is closed after this long, in seconds, 1 to 4000, and before any of the apps behind closes it.
   * @default 60
   */
  readonly idleTimeoutSeconds?: number;
  /**
   * Refuses to be deleted, by a destroy too.
   * @default false
   */
  readonly deletionProtection?: boolean;
  /**
   * Where a line is written for each request.
   * @default - none are written
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
  certificateArn: TEXT,
  http: BOOLEAN,
  allowedCidrs: listOf(TEXT),
  allowedPrefixLists: recordOf(TEXT),
  allowedPeers: listOf(objectWith("a peer", "give an object with a securityGroup", "securityGroup")),
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
  /** Where it is: in all public subnets, or with `internal` in all private ones, of two zones at least. */
  readonly network: INetwork;
  /** Where requests go that no rule takes. */
  readonly defaultTarget: TargetGroup;
  /**
   * Paths that go elsewhere than to the default target group, by the key of each rule.
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
