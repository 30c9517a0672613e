export { AwsService } from "./aws-service";
export { SubnetLayout } from "./cidr";
export type { INetwork, ISubnet } from "./contract";
export type { EndpointIds } from "./existing-endpoints";
export type { ExistingNetworkProps, ExistingSubnet, ExistingSubnets } from "./existing-network-props";
export { type FlowLogOptions, FlowLogTraffic } from "./flow-log";
export { Nat } from "./nat";
export { Network, type NetworkProps } from "./network";
export { ZONE_LETTERS, type ZoneLetter } from "./zones";
