export { Ec2Topology, type Ec2TopologyProps, type SshAccess } from "./ec2-topology";
