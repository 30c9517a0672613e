export { AwsService } from "./aws-service";
export type { INetwork, ISubnet } from "./contract";
export { Nat } from "./nat";
export { Network, type NetworkProps } from "./network";
export type { ZoneLetter } from "./zones";
