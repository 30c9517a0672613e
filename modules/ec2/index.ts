export { Ec2Fleet, type Ec2FleetProps } from "./ec2-fleet";
export { Ec2Topology, type Ec2TopologyProps } from "./ec2-topology";
export type { LogOptions } from "./log-options";
