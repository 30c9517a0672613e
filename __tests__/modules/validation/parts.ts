import { SecurityGroup as SecurityGroupResource } from "@cdktf/provider-aws/lib/security-group";
import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import * as ours from "../../../modules";
import type { PropType } from "../../../modules/validation";
import { BUNDLE } from "../../foreign-programs/bundle";

type Props = Record<string, unknown>;

/** A construct that users make: its props' types, props that will do, and more of them where a prop needs others beside it. */
export interface Sample {
  readonly types: Readonly<Record<string, PropType>>;
  readonly props: (parts: Parts) => Props;
  readonly make: (scope: Construct, id: string, props: never) => unknown;
  /** By prop. */
  readonly beside?: Readonly<Record<string, Props>>;
}

export const SECURITY_GROUP = "sg-0123456789abcdef0";
export const CERTIFICATE = "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";
export const subnet = (n: number) => ({ subnetId: `subnet-0123456789abcdef${n}`, cidr: `10.0.${n}.0/24` });

/** The constructs that others take, in their cheapest form. */
export class Parts {
  readonly network: ours.INetwork;
  readonly redis: ours.IRedisCluster;
  readonly bucket: ours.ArtifactBucket;
  readonly app: ours.SessionApp;
  readonly monitoring: ours.Monitoring;
  readonly target: ours.TargetGroup;
  readonly role: ours.InstanceRole;
  readonly group: ours.ISecurityGroup;
  readonly memcached: ours.IMemcachedCluster;

  constructor(readonly stack: TerraformStack) {
    this.network = ours.Network.fromExisting(stack, "network", {
      vpcId: "vpc-0123456789abcdef0",
      cidr: "10.0.0.0/16",
      publicSubnets: { a: subnet(0), c: subnet(1) },
      privateSubnets: { a: subnet(2), c: subnet(3) },
      privateSubnetsReachInternet: true,
    });
    const host = "sessions.example.com";
    const securityGroupId = SECURITY_GROUP;
    this.redis = ours.RedisCluster.fromExisting(stack, "redis", { host, securityGroupId, auth: { kind: "none" } });
    this.memcached = ours.MemcachedCluster.fromExisting(stack, "memcached", { host, securityGroupId });
    this.bucket = new ours.ArtifactBucket(stack, "bucket");
    this.app = new ours.SessionApp(stack, "app", {
      redis: this.redis,
      artifacts: this.bucket,
      bundle: BUNDLE,
      functionBundle: BUNDLE,
    });
    this.monitoring = new ours.Monitoring(stack, "monitoring", { region: "ap-northeast-1" });
    this.target = new ours.TargetGroup(stack, "target", this.targetProps());
    this.role = new ours.InstanceRole(stack, "role");
    const resource = new SecurityGroupResource(stack, "group", { vpcId: this.network.vpcId });
    this.group = ours.SecurityGroup.fromExisting(stack, "security-group", { securityGroupId: resource.id });
  }

  targetProps() {
    return { network: this.network, targetType: ours.TargetType.IP, port: 5000, healthCheckPath: "/healthz" };
  }
}
