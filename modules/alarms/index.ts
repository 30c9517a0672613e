export { type AlarmProps, MissingData } from "./alarm";
export type { Graph, Metric } from "./metric";
export { Monitoring, type MonitoringProps } from "./monitoring";
export { RedisAlarms, type RedisAlarmsProps, type WatchedRedis } from "./redis-alarms";
