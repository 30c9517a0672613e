import { Lb } from "@cdktf/provider-aws/lib/lb";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { ArnKinds, checkArn } from "../arn";
import { type Peer, Port, SecurityGroup } from "../connections";
import { admitVisitors, allowVisitors, checkVisitors, EVERYBODY } from "../connections/visitors";
import { buildName, buildVariantName, checkName, NameLimits } from "../naming";
import type { ISubnet } from "../network";
import { dependOn } from "../stack/dependencies";
import { useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import { checkProps, checkText, checkWholeNumber, ValidationError } from "../validation";
import { checkAccessLogs } from "./access-logs";
import { Listeners } from "./listeners";
import { checkPathRules } from "./path-rules";
import { LOAD_BALANCER_PROPS, type LoadBalancerProps } from "./props";
import type { TargetGroup } from "./target-group";

const LONGEST_IDLE_SECONDS = 4000;
const DOMAIN_NAME = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * An Application Load Balancer, reachable from the internet or from private networks. It has no egress until `openPort` lets it reach its
 * targets.
 *
 * @throws when the network has one zone only; when the props have neither or both of certificate and plain http; when the ARN of a
 * certificate or web ACL is malformed or of another region; when no block is allowed; when AWS does not accept a rule; when an app
 * behind it closes idle connections first; or when its name is too long.
 */
export class LoadBalancer extends Construct implements Peer {
  readonly securityGroup: SecurityGroup;
  /** Address of the app, as in `https://app.example.com`. */
  readonly url: string;
  /** DNS name from AWS, the target of your DNS record. */
  readonly dnsName: string;
  /** Hosted zone id of that name, for an alias record in Route 53. */
  readonly zoneId: string;
  /** ARN of the load balancer. */
  readonly arn: string;
  /** The load balancer's dimension in CloudWatch, `app/<name>/<id>`. */
  readonly arnSuffix: string;
  /** Resources that must exist before visitors are served: listeners, their rules, and ingress rules. */
  readonly dependables: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    checkProps(this, props, LOAD_BALANCER_PROPS);
    useProvider(this, props);
    const { network, certificateArn, defaultTarget, pathRules = [], idleTimeoutSeconds = 60 } = props;
    const subnets = props.internal === true ? network.privateSubnets : network.publicSubnets;
    checkZones(this, subnets, props.internal === true ? "private" : "public");
    checkScheme(this, props);
    // Certificates for CloudFront are in us-east-1 and do not work here: https://docs.aws.amazon.com/acm/latest/userguide/acm-overview.html
    checkArn(this, "certificateArn", certificateArn, { kind: ArnKinds.CERTIFICATE, region: findRegion(this) });
    checkArn(this, "webAclArn", props.webAclArn, { kind: ArnKinds.WEB_ACL, region: findRegion(this) });
    const visitors = resolveVisitors(props);
    checkVisitors(this, visitors);
    checkText(this, "domainName", props.domainName, {
      pattern: DOMAIN_NAME,
      allowed: "a host name in small letters, without scheme, port and path",
      fix: `write it like "app.example.com"`,
    });
    checkAccessLogs(this, props.accessLogs);
    checkPathRules(this, pathRules);
    checkIdleTimeout(this, idleTimeoutSeconds, [defaultTarget, ...pathRules.map(({ target }) => target)]);

    this.securityGroup = new SecurityGroup(this, "security-group", { network, description: "Load balancer" });
    const open = (port: Port, description: string) => allowVisitors(this, visitors, port, description);
    const wayIn =
      certificateArn === undefined
        ? open(Port.tcp(80), "Visitors")
        : [...open(Port.tcp(443), "Visitors"), ...open(Port.tcp(80), "Redirected to https")];
    const loadBalancer = this.#create(props, subnets, idleTimeoutSeconds);
    this.arn = loadBalancer.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.dnsName = loadBalancer.dnsName;
    this.zoneId = loadBalancer.zoneId;
    this.url = `${certificateArn === undefined ? "http" : "https"}://${props.domainName ?? this.dnsName}`;

    const listeners = new Listeners(this, "listeners", {
      loadBalancerArn: this.arn,
      certificateArn,
      defaultTarget,
      pathRules,
    });
    this.dependables = [...wayIn, ...listeners.dependables];
    for (const target of new Set([defaultTarget, ...pathRules.map((rule) => rule.target)]))
      target.followReplacement(loadBalancer);
    if (props.webAclArn !== undefined) {
      new Wafv2WebAclAssociation(this, "web-acl", { resourceArn: this.arn, webAclArn: props.webAclArn });
    }
  }

  #create(props: LoadBalancerProps, subnets: readonly ISubnet[], idleTimeout: number): Lb {
    const { internal = false, deletionProtection, accessLogs, loadBalancerName } = props;
    return new Lb(this, "load-balancer", {
      name: this.#name(loadBalancerName, internal),
      loadBalancerType: "application",
      internal,
      subnets: subnets.map(({ subnetId }) => subnetId),
      securityGroups: [this.securityGroup.id],
      idleTimeout,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      // The app compares Origin with Host, so it needs the browser's own Host header.
      preserveHostHeader: true,
      enableDeletionProtection: deletionProtection ?? false,
      ...(accessLogs !== undefined && {
        accessLogs: {
          enabled: true,
          bucket: accessLogs.bucketName,
          ...(accessLogs.prefix !== undefined && { prefix: accessLogs.prefix }),
        },
      }),
      tags: { Name: buildName(this, NameLimits.TAG) },
      // AWS refuses to create a public one in a VPC without an internet gateway.
      dependsOn: dependOn(this, new Set(subnets.flatMap(({ dependables }) => [...dependables]))),
    });
  }

  /** Each scheme has its own name. With another scheme, the new load balancer is created first, and a region has one of a name. */
  #name(given: string | undefined, internal: boolean): string {
    const limit = NameLimits.LOAD_BALANCER;
    const name = given ?? (internal ? buildVariantName(this, limit, "int") : buildName(this, limit));
    if (given !== undefined) checkName(this, NameLimits.LOAD_BALANCER, given);
    checkText(this, "load balancer name", name, {
      pattern: /^(?!internal-|-).*[^-]$/,
      allowed: "a name that does not begin with internal-, which AWS keeps for itself, or begin or end with a hyphen",
      fix: given === undefined ? "change namePrefix, or give loadBalancerName" : "take another name",
    });
    return name;
  }
}

function checkZones(scope: Construct, subnets: readonly ISubnet[], kind: "public" | "private"): void {
  const zones = new Set(subnets.map(({ availabilityZone }) => availabilityZone));
  if (zones.size >= 2) return;
  throw new ValidationError(scope, {
    what: "network",
    got: `${kind} subnets in ${[...zones].join(", ") || "no zone"}`,
    allowed: `${kind} subnets in two zones at least, or AWS makes no load balancer`,
    fix: `give the network another zone${kind === "public" ? ", or internal: true for a load balancer in private subnets" : ""}`,
  });
}

function checkScheme(scope: Construct, { certificateArn, http = false }: LoadBalancerProps): void {
  if ((certificateArn !== undefined) !== http) return;
  throw new ValidationError(scope, {
    what: "certificateArn, http",
    got: http ? "both" : "neither",
    allowed: "a certificate, or http: true for plain http",
    fix: http ? "leave http out: with a certificate, port 80 redirects" : "give certificateArn, or http: true",
  });
}

/** With a certificate, everybody is the default. Plain http has none, so the caller decides. */
function resolveVisitors({
  http = false,
  allowedCidrs,
  allowedPrefixLists = {},
  allowedPeers = [],
}: LoadBalancerProps) {
  const others = { allowedPrefixLists, allowedPeers };
  return { ...others, allowedCidrs: allowedCidrs ?? (http || admitVisitors(others) ? [] : [EVERYBODY]) };
}

function checkIdleTimeout(scope: Construct, seconds: number, targets: readonly TargetGroup[]): void {
  const keepAlive = Math.min(...targets.map(({ keepAliveSeconds }) => keepAliveSeconds));
  checkWholeNumber(scope, "idleTimeoutSeconds", seconds, {
    min: 1,
    max: Math.min(LONGEST_IDLE_SECONDS, keepAlive - 1),
    because: `: the apps behind keep connections for ${keepAlive} s`,
    fix: "lower it, or have the app keep connections for longer",
  });
}
