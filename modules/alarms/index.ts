export { type AlarmProps, MissingData } from "./alarm";
export { FleetAlarms, type FleetAlarmsProps, type WatchedFleet } from "./fleet-alarms";
export { FunctionAlarms, type FunctionAlarmsProps, type WatchedFunction } from "./function-alarms";
export { InstanceAlarms, type InstanceAlarmsProps, type WatchedInstance } from "./instance-alarms";
export {
  LoadBalancerAlarms,
  type LoadBalancerAlarmsProps,
  type WatchedLoadBalancer,
  type WatchedTargetGroup,
} from "./load-balancer-alarms";
export { MemcachedAlarms, type MemcachedAlarmsProps, type WatchedMemcached } from "./memcached-alarms";
export type { Graph, Metric, MetricMath, Statistic } from "./metric";
export { Monitoring, type MonitoringProps, type ShowOptions } from "./monitoring";
export { RedisAlarms, type RedisAlarmsProps, type WatchedRedis } from "./redis-alarms";
export {
  RedisServerlessAlarms,
  type RedisServerlessAlarmsProps,
  type UpperLimit,
  type WatchedServerlessCache,
} from "./redis-serverless-alarms";
export { ServiceAlarms, type ServiceAlarmsProps, type WatchedService } from "./service-alarms";
export { SessionAlarms, type SessionAlarmsProps, type WatchedSessionApp } from "./session-alarms";
