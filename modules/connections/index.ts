export { Port } from "./port";
export { setRuleQuota } from "./rule-quota";
export { allowFromCidr, allowFromPrefixList, allowToCidr, allowToPrefixList, openPort, type Peer } from "./rules";
export {
  type ExistingSecurityGroup,
  type ISecurityGroup,
  SecurityGroup,
  type SecurityGroupProps,
  type Vpc,
} from "./security-group";
export type { VisitorOptions } from "./visitors";
