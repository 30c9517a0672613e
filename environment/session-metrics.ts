/**
 * The session metrics at CloudWatch: apps write them to their log, and modules set alarms on them. An app is one dimension, since each
 * further value of a dimension is a custom metric that AWS charges for.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const SESSION_METRICS = {
  namespace: "SessionApp",
  dimension: "App",
  /** Units, keyed by the metric. */
  units: {
    Logins: "Count",
    /** Logins that got a 4xx: wrong credentials, another form's token, or beyond a limit. */
    RefusedLogins: "Count",
    /** Requests that wanted to write to a session that had ended meanwhile. */
    LostSessions: "Count",
    /** Cookies of sessions that are not there: expired, ended, evicted or made up. */
    UnknownSessions: "Count",
    /** Answers of 503, which the app gives when Redis does not answer. */
    RedisUnavailable: "Count",
    /** Times of steps at Redis. */
    RedisTime: "Milliseconds",
  },
} as const;

/** Name of a session metric. */
export type SessionMetricName = keyof (typeof SESSION_METRICS)["units"];
