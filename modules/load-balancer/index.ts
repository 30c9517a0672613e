export type { AccessLogs } from "./access-logs";
export { LoadBalancer } from "./load-balancer";
export type { PathRule } from "./path-rules";
export type { LoadBalancerOptions, LoadBalancerProps } from "./props";
export {
  Balancing,
  type HealthCheck,
  TargetGroup,
  type TargetGroupOptions,
  type TargetGroupProps,
  TargetType,
} from "./target-group";
