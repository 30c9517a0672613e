import { Construct } from "constructs";
import { SESSION_METRICS, type SessionMetricName } from "../../environment";
import { PROVIDER_PROPS, type ProviderProps, useProvider } from "../stack/provider";
import { checkProps, objectWith, type PropTypes, required, ValidationError } from "../validation";
import { type AlarmProps, MissingData } from "./alarm";
import type { Metric } from "./metric";
import { MONITORING, type Monitoring } from "./monitoring";

/** The part of an app that alarms on its sessions need. A SessionApp is one. */
export interface WatchedSessionApp {
  /** Name of the app in its metrics; undefined for an app that writes none. */
  readonly metricsName: string | undefined;
}

/** Properties of {@link SessionAlarms}. */
export interface SessionAlarmsProps extends ProviderProps {
  /** The app that is watched. Its `sessionMetrics` must be on. */
  readonly app: WatchedSessionApp;
  /** The topic and the dashboard for alarms and graphs. */
  readonly monitoring: Monitoring;
}

/** Types of the props of {@link SessionAlarmsProps}. */
export const SESSION_ALARMS_PROPS: PropTypes<SessionAlarmsProps> = {
  ...PROVIDER_PROPS,
  app: required(objectWith("a SessionApp", "create a SessionApp", "metricsName")),
  monitoring: MONITORING,
};

/** A function may write a line late, and CloudWatch reads logs with a delay. So a period has several lines of each process. */
const PERIOD_SECONDS = 300;
const PERIOD = "five minutes";
/** More than visitors cause who log out in one tab while another one loads. */
const LOST = 10;
/** As the alarms on a load balancer's errors: five a minute. */
const UNAVAILABLE = 25;
/** Five addresses at their default limit of 20 refused logins a minute. */
const REFUSED = 500;
/** A step takes a millisecond or two; visitors notice several of these. */
const SLOW_MS = 50;
/** Periods in a row, because a snapshot or a failover slows Redis down for a while. */
const SLOW_PERIODS = 3;

/**
 * Alarms and graphs of an app's sessions, by the metrics that the app writes to its log. An app without visitors reports nothing,
 * so missing data is good.
 *
 * @throws when the app writes no metrics.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Alarms.html
 */
export class SessionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: SessionAlarmsProps) {
    super(scope, id);
    checkProps(this, props, SESSION_ALARMS_PROPS);
    useProvider(this, props);
    const { app, monitoring } = props;
    const { metricsName } = app;
    if (metricsName === undefined) {
      throw new ValidationError(this, {
        what: "app",
        got: "an app without session metrics",
        allowed: "an app that writes them",
        fix: "create the SessionApp with sessionMetrics: true",
      });
    }
    const { namespace, dimension } = SESSION_METRICS;
    const metric = (name: SessionMetricName, statistic: Metric["statistic"] = "Sum"): Metric => ({
      namespace,
      name,
      statistic,
      dimensions: { [dimension]: metricsName },
      periodSeconds: PERIOD_SECONDS,
    });
    const alarm = (id: string, alarmProps: Omit<AlarmProps, "missingData" | "runbook">) => {
      monitoring.alarm(this, id, { missingData: MissingData.NOT_BREACHING, runbook: `alarm-${id}`, ...alarmProps });
    };
    alarm("lost-sessions", {
      metric: metric("LostSessions"),
      threshold: LOST,
      description: `Sessions ended while requests wrote to them, ${LOST} or more in ${PERIOD}. Look at Redis' evictions and failovers.`,
    });
    alarm("redis-unavailable", {
      metric: metric("RedisUnavailable"),
      threshold: UNAVAILABLE,
      description: `The app answered 503 because Redis did not answer, ${UNAVAILABLE} times or more in ${PERIOD}.`,
    });
    alarm("refused-logins", {
      metric: metric("RefusedLogins"),
      threshold: REFUSED,
      description: `${REFUSED} or more refused logins in ${PERIOD}: more than visitors cause. Look at the addresses in the access log.`,
    });
    alarm("redis-time", {
      metric: metric("RedisTime", "p95"),
      threshold: SLOW_MS,
      periods: SLOW_PERIODS,
      description: `One in twenty steps at Redis takes ${SLOW_MS} ms or more. Look at Redis' CPU and the app's.`,
    });
    const graphs = [
      { title: `Logins and refused logins in ${PERIOD}`, metrics: [metric("Logins"), metric("RefusedLogins")] },
      { title: `Lost and unknown sessions in ${PERIOD}`, metrics: [metric("LostSessions"), metric("UnknownSessions")] },
      { title: `Answers of 503 in ${PERIOD}`, metrics: [metric("RedisUnavailable")] },
      {
        title: "Redis, milliseconds a step: half of them, and 95 %",
        metrics: [metric("RedisTime", "p50"), metric("RedisTime", "p95")],
      },
    ];
    monitoring.show("Sessions", graphs, { visitors: true, watcher: this });
  }
}
