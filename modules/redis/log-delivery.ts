import type { Construct } from "constructs";
import { LogGroup } from "../logs";

/** Which logs are kept, and for how many days. */
export interface LogDeliveryProps {
  readonly slowLogRetentionDays: number;
  /** Without it the engine's log is not kept. */
  readonly engineLogRetentionDays?: number | undefined;
}

/** Where the cache's logs go: a log group for each kind, since ElastiCache takes no group twice. */
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
