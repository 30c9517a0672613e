export type { AccessLogs } from "./access-logs";
export { LoadBalancer, type LoadBalancerOptions, type LoadBalancerProps } from "./load-balancer";
export type { PathRule } from "./path-rules";
export {
  Balancing,
  type HealthCheck,
  TargetGroup,
  type TargetGroupOptions,
  type TargetGroupProps,
  TargetType,
} from "./target-group";
