import type { Logger } from "pino";
import { SESSION_METRICS, type SessionMetricName } from "../../environment/session-metrics";
import type { Metrics, Totals } from ".";
import { spread } from "./spread";

/** CloudWatch takes no more values of a metric in a line. */
const MOST_VALUES = 100;
const MINUTE_MS = 60_000;

type Values = Record<SessionMetricName, number | readonly number[]>;

/**
 * Writes the session metrics to the log, in CloudWatch's embedded metric format. CloudWatch makes metrics of each log event in that
 * format, whichever program sends it. A line has the differences from the line before, in the counts that Prometheus gets too.
 *
 * The times of more than a hundred steps are a hundred values with their distribution, so a percentile holds, and the number of
 * values is not that of steps.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Generation_PutLogEvents.html
 */
export class SessionMetrics {
  readonly #app: string;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  #before: Totals | undefined;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param app - value of the dimension. */
  constructor(app: string, metrics: Metrics, log: Logger) {
    this.#app = app;
    this.#metrics = metrics;
    // LOG_LEVEL is about lines for people.
    this.#log = log.child({}, { level: "info" });
  }

  /** Writes a line a minute, until `stop`. */
  start(): void {
    this.#timer = setInterval(() => void this.#write(), MINUTE_MS).unref();
  }

  /** Writes the rest. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#write();
  }

  /** Writes a line if the last one is a minute old and a count has changed: for a process that is frozen, timers included. */
  async writeIfDue(): Promise<void> {
    if (Date.now() - this.#writtenAt >= MINUTE_MS) await this.#write({ onlyChanges: true });
  }

  async #write({ onlyChanges = false } = {}): Promise<void> {
    const totals = await this.#metrics.readTotals();
    const values = valuesBetween(this.#before, totals);
    if (onlyChanges && Object.values(values).every((value) => value === 0 || isEmpty(value))) return;
    this.#before = totals;
    this.#writtenAt = Date.now();
    this.#log.info(toEmbeddedMetrics(this.#app, values, this.#writtenAt), "session metrics");
  }
}

function isEmpty(value: number | readonly number[]): boolean {
  return typeof value !== "number" && value.length === 0;
}

function valuesBetween(before: Totals | undefined, now: Totals): Values {
  const since = (name: Exclude<keyof Totals, "steps">) => now[name] - (before?.[name] ?? 0);
  const steps = new Map([...now.steps].map(([bound, count]) => [bound, count - (before?.steps.get(bound) ?? 0)]));
  return {
    Logins: since("logins"),
    RefusedLogins: since("refusedLogins"),
    LostSessions: since("lostSessions"),
    UnknownSessions: since("unknownSessions"),
    RedisUnavailable: since("unavailable"),
    RedisTime: spread(steps, MOST_VALUES).map((seconds) => Math.round(seconds * 1_000_000) / 1000),
  };
}

/** A metric without a value is left out, since the format has no empty list. */
function toEmbeddedMetrics(app: string, values: Values, timestamp: number): object {
  const { namespace, dimension, units } = SESSION_METRICS;
  const given = Object.entries(values).filter(([, value]) => !isEmpty(value));
  const metrics = given.map(([name]) => ({ Name: name, Unit: units[name as SessionMetricName] }));
  return {
    _aws: {
      Timestamp: timestamp,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [[dimension]], Metrics: metrics }],
    },
    [dimension]: app,
    ...Object.fromEntries(given),
  };
}
