export { Port } from "./port";
export { allowFromCidr, allowToCidr, allowToPrefixList, openPort, type Peer } from "./rules";
export { SecurityGroup, type SecurityGroupProps, type Vpc } from "./security-group";
