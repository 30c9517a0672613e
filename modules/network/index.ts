export { Nat } from "./nat";
export { type INetwork, Network, type NetworkProps } from "./network";
export type { ISubnet } from "./subnet";
export type { ZoneLetter } from "./zones";
