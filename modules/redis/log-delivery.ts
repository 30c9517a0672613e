import type { Construct } from "constructs";
import { LogGroup } from "../logs";

/** Retention of the logs in days. */
export interface LogDeliveryProps {
  readonly slowLogRetentionDays: number;
  /** Retention of the engine log; undefined turns the log off. */
  readonly engineLogRetentionDays?: number | undefined;
}

/** Delivery of the cache's logs. Each kind has its own log group, because ElastiCache does not accept the same group twice. */
export function logDelivery(scope: Construct, { slowLogRetentionDays, engineLogRetentionDays }: LogDeliveryProps) {
  return [
    delivery(scope, "slow-log", "slowLogRetentionDays", slowLogRetentionDays),
    ...(engineLogRetentionDays === undefined
      ? []
      : [delivery(scope, "engine-log", "engineLogRetentionDays", engineLogRetentionDays)]),
  ];
}

function delivery(
  scope: Construct,
  logType: "slow-log" | "engine-log",
  retentionProp: keyof LogDeliveryProps,
  retentionDays: number,
) {
  const { name } = new LogGroup(scope, logType, { folder: "/aws/elasticache/", retentionDays, retentionProp });
  return { logType, logFormat: "json", destinationType: "cloudwatch-logs", destination: name };
}
