import type { Construct } from "constructs";
import { BOOLEAN, NUMBER, type PropTypes, ValidationError } from "../validation";
import type { WebApp } from "../web-app";

/** Options of the logs of instances. */
export interface LogOptions {
  /**
   * Whether the CloudWatch agent sends the logs of app and setup to CloudWatch. Otherwise they are on the instance, and end with it.
   * @default - true for an Ec2Fleet, false for an Ec2Topology, whose deployed instance the change would replace
   */
  readonly logs?: boolean;
  /**
   * Retention of the logs in CloudWatch, in days; one of the values that CloudWatch Logs accepts.
   * @default 14
   */
  readonly logRetentionDays?: number;
}

/** Types of the props of {@link LogOptions}. */
export const LOG_OPTIONS: PropTypes<LogOptions> = {
  logs: BOOLEAN,
  logRetentionDays: NUMBER,
};

/** @throws when the app writes metrics to a log that CloudWatch does not get. */
export function checkLogs(scope: Construct, logs: boolean, { logsMetrics }: WebApp): void {
  if (logs || !logsMetrics) return;
  throw new ValidationError(scope, {
    what: "logs",
    got: logs,
    allowed: "true with sessionMetrics, because CloudWatch finds the metrics in the app's log",
    fix: "set logs to true, or leave out sessionMetrics",
  });
}
