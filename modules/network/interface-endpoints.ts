import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { Construct } from "constructs";
import { allowFromCidr, type Peer, Port, SecurityGroup } from "../connections";
import { toPolicy } from "../iam/policy";
import { buildName, NameLimits } from "../naming";
import { AwsService } from "./aws-service";
import type { ISubnet } from "./contract";
import { findEndpointName } from "./endpoint-name";

/** Services whose endpoints support an endpoint policy. AWS documents no policy for the others, and might refuse one. */
const TAKE_POLICY: ReadonlySet<AwsService> = new Set([
  AwsService.SECRETS_MANAGER,
  AwsService.KMS,
  AwsService.STS,
  AwsService.CLOUDWATCH,
  AwsService.CLOUDWATCH_LOGS,
  AwsService.SSM,
  AwsService.ECR_API,
  AwsService.ECR_DOCKER,
  AwsService.AUTO_SCALING,
  AwsService.ELASTIC_LOAD_BALANCING,
]);

/** Properties of {@link InterfaceEndpoints}. */
export interface InterfaceEndpointsProps {
  readonly vpcId: string;
  /** Subnets of their network interfaces, one subnet in each zone. */
  readonly subnets: readonly ISubnet[];
  /**
   * Id of the only account whose principals can use the endpoints.
   * @default - principals of every account, AWS' default
   */
  readonly account?: string;
  /**
   * IPv4 blocks whose addresses can all connect.
   * @default - none, only named peers
   */
  readonly openTo?: readonly string[];
}

/**
 * The interface endpoints of a VPC, each created on demand, and their common security group, created with the first. The names of AWS'
 * services then resolve to the endpoints in the whole VPC. Compute without a rule in the group loses the service, even with a way to the
 * internet.
 */
export class InterfaceEndpoints extends Construct implements Peer {
  readonly #props: InterfaceEndpointsProps;

  constructor(scope: Construct, id: string, props: InterfaceEndpointsProps) {
    super(scope, id);
    this.#props = props;
  }

  /** Whether an endpoint exists. */
  get exist(): boolean {
    return this.node.children.length > 0;
  }

  get securityGroup(): SecurityGroup {
    const id = "security-group";
    return (
      (this.node.tryFindChild(id) as SecurityGroup | undefined) ??
      new SecurityGroup(this, id, {
        network: this.#props,
        description: "Endpoints of AWS services",
      })
    );
  }

  /** The endpoint of a service. */
  of(service: AwsService): VpcEndpoint {
    const id = service.replace(".", "-");
    return (this.node.tryFindChild(id) as VpcEndpoint | undefined) ?? this.#create(id, service);
  }

  #create(id: string, service: AwsService): VpcEndpoint {
    const { vpcId, subnets, account, openTo = [] } = this.#props;
    const open = openTo.flatMap((cidr) => allowFromCidr(this, cidr, Port.tcp(443), "The whole VPC"));
    return new VpcEndpoint(this, id, {
      vpcId,
      vpcEndpointType: "Interface",
      serviceName: findEndpointName(this, service),
      subnetIds: subnets.map((subnet) => subnet.subnetId),
      securityGroupIds: [this.securityGroup.id],
      privateDnsEnabled: true,
      ...(account !== undefined && TAKE_POLICY.has(service) && { policy: allowAccount(account) }),
      tags: { Name: buildName(this, NameLimits.TAG, id) },
      dependsOn: open,
    });
  }
}

/**
 * A policy that allows principals of one account alone. So credentials of another account cannot move data out through the endpoint.
 * The callers' roles limit their actions.
 */
function allowAccount(account: string): string {
  return toPolicy({
    Effect: "Allow",
    Principal: "*",
    Action: "*",
    Resource: "*",
    Condition: { StringEquals: { "aws:PrincipalAccount": account } },
  });
}
