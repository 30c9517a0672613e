import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { MainRouteTableAssociation } from "@cdktf/provider-aws/lib/main-route-table-association";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Peer } from "../connections";
import { buildName, NameLimits } from "../naming";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { findRegion } from "../stack/region";
import { BOOLEAN, checkOneOf, checkProps, listOf, objectOf, type PropTypes, TEXT } from "../validation";
import { AwsAccess } from "./aws-access";
import { type AwsService, GATEWAY_SERVICES, type GatewayService } from "./aws-service";
import { checkVpcCidr, SubnetLayout, type ZoneCidrs, zoneCidrs } from "./cidr";
import type { INetwork, ISubnet } from "./contract";
import { findEndpointName } from "./endpoint-name";
import { ExistingNetwork } from "./existing-network";
import type { ExistingNetworkProps } from "./existing-network-props";
import { FLOW_LOG_OPTIONS, FlowLog, type FlowLogOptions } from "./flow-log";
import { InterfaceEndpoints } from "./interface-endpoints";
import { Nat, NatGateway } from "./nat";
import { RoutingTable } from "./routing-table";
import { Subnet } from "./subnet";
import { checkZones, type ZoneLetter } from "./zones";

/** Properties of a {@link Network}. */
export interface NetworkProps extends ProviderProps {
  /**
   * IPv4 block of the VPC, from /16 to /23, or from /16 to /22 with large private subnets.
   * @default "10.0.0.0/16"
   */
  readonly cidr?: string;

  /**
   * Division of the block into subnets. Choose it before the first deploy: a change replaces all subnets.
   * @default SubnetLayout.EVEN
   */
  readonly subnetLayout?: SubnetLayout;

  /**
   * Letters of the network's zones. The letter is the key of a zone's subnets, so a further zone changes no address and no block of the
   * others. The first zone has the gateway of `Nat.SINGLE`.
   * @default ["a", "c"]
   */
  readonly availabilityZones?: readonly ZoneLetter[];

  /**
   * The way of private subnets to the internet.
   * @default Nat.NONE - no way to the internet, and no cost of a gateway
   */
  readonly nat?: Nat;

  /**
   * Whether instances in public subnets get a public address at launch by default.
   * @default false
   */
  readonly mapPublicIpOnLaunch?: boolean;

  /**
   * Whether compute reaches AWS' services through endpoints even in subnets with a way to the internet. Compute then cannot reach the
   * internet, unless it opens that way itself.
   * @default false - endpoints only in subnets without a way to the internet, because AWS charges for most endpoints
   */
  readonly privateAwsAccess?: boolean;

  /**
   * Options of the flow log.
   * @default - records all traffic and keeps it for 14 days
   */
  readonly flowLog?: FlowLogOptions;
}

/** Types of the props of {@link NetworkProps}. */
export const NETWORK_PROPS: PropTypes<NetworkProps> = {
  ...PROVIDER_PROPS,
  cidr: TEXT,
  subnetLayout: TEXT,
  availabilityZones: listOf(TEXT),
  nat: TEXT,
  mapPublicIpOnLaunch: BOOLEAN,
  privateAwsAccess: BOOLEAN,
  flowLog: objectOf(FLOW_LOG_OPTIONS),
};

/**
 * A VPC with a public and a private subnet in each zone. Its main route table is the private one. Its default security group has no rules.
 * Gateway endpoints lead to S3 and DynamoDB. A flow log records its traffic.
 *
 * The region is that of the stack's AWS provider.
 *
 * @throws when the block is malformed, not canonical, too small or too large, when zones are unknown or named twice,
 * when NAT, layout or the flow log's options are unknown, or when the stack has no AWS provider with a region.
 */
export class Network extends Construct implements INetwork {
  /**
   * An existing network. It creates no resources by itself. `reachAws` creates endpoints that compute needs and that do not exist yet.
   *
   * @throws when an id or block is malformed, a block is outside of the VPC's blocks or overlaps another, a zone is unknown, or there is no
   * private subnet.
   */
  static fromExisting(scope: Construct, id: string, props: ExistingNetworkProps): INetwork {
    return new ExistingNetwork(scope, id, props);
  }

  readonly vpcId: string;
  readonly cidr: string;
  readonly availabilityZones: readonly string[];
  readonly publicSubnets: readonly ISubnet[];
  readonly privateSubnets: readonly ISubnet[];

  readonly #vpc: Vpc;
  readonly #region: string;
  readonly #layout: SubnetLayout;
  readonly #zones: readonly ZoneLetter[];
  readonly #awsAccess: AwsAccess;

  constructor(scope: Construct, id: string, props: NetworkProps = {}) {
    super(scope, id);
    checkProps(this, props, NETWORK_PROPS);
    useProvider(this, props);
    const { cidr = "10.0.0.0/16", availabilityZones = ["a", "c"], nat = Nat.NONE } = props;
    this.#layout = props.subnetLayout ?? SubnetLayout.EVEN;
    checkOneOf(this, "subnetLayout", this.#layout, SubnetLayout, { atSynth: true });
    checkOneOf(this, "nat", nat, Nat, { atSynth: true });
    checkVpcCidr(this, cidr, this.#layout);
    checkZones(this, availabilityZones);
    this.cidr = cidr;
    this.#region = findRegion(this);
    this.#zones = [...availabilityZones].sort();
    this.availabilityZones = this.#zones.map((zone) => this.#region + zone);

    this.#vpc = this.#createVpc();
    this.vpcId = this.#vpc.id;
    const internetGateway = new InternetGateway(this, "internet-gateway", {
      vpcId: this.vpcId,
      tags: { Name: buildName(this, NameLimits.TAG, "internet-gateway") },
    });

    const publicTable = new RoutingTable(this, "public", this.vpcId);
    publicTable.addDefaultRoute({ gatewayId: internetGateway.id });
    this.publicSubnets = this.#createSubnets("public", () => publicTable, props.mapPublicIpOnLaunch ?? false);

    const privateTables = this.#createPrivateTables(nat);
    const findTable = (zone: ZoneLetter) => privateTables.get(zone) ?? privateTables.get("main");
    this.#createNatGateways(nat, availabilityZones, privateTables, internetGateway);
    this.privateSubnets = this.#createSubnets("private", (zone) => findTable(zone) as RoutingTable, false);

    this.#awsAccess = this.#openAwsAccess([publicTable, ...privateTables.values()], props.privateAwsAccess ?? false);
    const { enabled = true, ...flowLog } = props.flowLog ?? {};
    if (enabled) new FlowLog(this, "flow-log", { vpc: this.#vpc, ...flowLog });
  }

  reachAws(peer: Peer, subnets: readonly ISubnet[], services: readonly AwsService[]): ITerraformDependable[] {
    return this.#awsAccess.reach(peer, subnets, services);
  }

  #createVpc(): Vpc {
    const vpc = new Vpc(this, "vpc", {
      cidrBlock: this.cidr,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: buildName(this, NameLimits.TAG) },
    });
    // The default security group of the VPC. Without rules, it lets no traffic in or out.
    new DefaultSecurityGroup(this, "default-security-group", {
      vpcId: vpc.id,
      tags: { Name: buildName(this, NameLimits.TAG, "default-unused") },
    });
    return vpc;
  }

  #createSubnets(
    kind: keyof ZoneCidrs,
    tableOf: (zone: ZoneLetter) => RoutingTable,
    mapPublicIpOnLaunch: boolean,
  ): Subnet[] {
    return this.#zones.map(
      (zone) =>
        new Subnet(this, `${kind}-${zone}`, {
          vpcId: this.vpcId,
          zone,
          availabilityZone: this.#region + zone,
          cidr: zoneCidrs(this.cidr, zone, this.#layout)[kind],
          routingTable: tableOf(zone),
          mapPublicIpOnLaunch,
        }),
    );
  }

  /**
   * The main route table, and with a gateway in each zone one more for each zone. The main table then has no route to the internet, and does
   * not depend on the zones.
   */
  #createPrivateTables(nat: Nat): Map<ZoneLetter | "main", RoutingTable> {
    const main = new RoutingTable(this, "private", this.vpcId);
    new MainRouteTableAssociation(this, "main-routes", { vpcId: this.vpcId, routeTableId: main.id });
    const zones = nat === Nat.PER_ZONE ? this.#zones : [];
    return new Map<ZoneLetter | "main", RoutingTable>([
      ["main", main],
      ...zones.map((zone) => [zone, new RoutingTable(this, `private-routes-${zone}`, this.vpcId)] as const),
    ]);
  }

  /** A gateway's name has its zone. So a change from one gateway to one in each zone keeps the first gateway and its address. */
  #createNatGateways(
    nat: Nat,
    zones: readonly ZoneLetter[],
    tables: ReadonlyMap<ZoneLetter | "main", RoutingTable>,
    internetGateway: InternetGateway,
  ): void {
    const served = { [Nat.NONE]: [], [Nat.SINGLE]: zones.slice(0, 1), [Nat.PER_ZONE]: this.#zones }[nat];
    for (const zone of served) {
      const subnet = this.publicSubnets.find((candidate) => candidate.zone === zone) as Subnet;
      const gateway = new NatGateway(this, `nat-${zone}`, { subnet, internetGateway });
      tables.get(nat === Nat.SINGLE ? "main" : zone)?.addDefaultRoute({ natGatewayId: gateway.id });
    }
  }

  /** Creates the gateway endpoints, which are free of charge. Interface endpoints are created on demand. */
  #openAwsAccess(tables: readonly RoutingTable[], byEndpointsOnly: boolean): AwsAccess {
    const gateways = new Map(
      GATEWAY_SERVICES.map((service) => [service, this.#createGatewayEndpoint(service, tables)]),
    );
    return new AwsAccess(this, {
      byEndpointsOnly,
      gatewayEndpoint: (service) => gateways.get(service) as VpcEndpoint,
      interfaceEndpoints: new InterfaceEndpoints(this, "endpoints", {
        vpcId: this.vpcId,
        subnets: this.privateSubnets,
        account: this.#vpc.ownerId,
      }),
    });
  }

  #createGatewayEndpoint(service: GatewayService, tables: readonly RoutingTable[]): VpcEndpoint {
    const endpoint = new VpcEndpoint(this, `${service}-endpoint`, {
      vpcId: this.vpcId,
      vpcEndpointType: "Gateway",
      serviceName: findEndpointName(this, service),
      routeTableIds: tables.map((table) => table.id),
      tags: { Name: buildName(this, NameLimits.TAG, service) },
    });
    for (const table of tables) table.addRouteBy(endpoint);
    return endpoint;
  }
}
