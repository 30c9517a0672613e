/**
 * The statistic that CloudWatch computes over a period; `p95` is the value that 95 % of them
 * do not exceed.
 */
export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount" | "p50" | "p95";

/** A CloudWatch metric with a statistic. */
export interface Metric {
  /** Namespace, as in `AWS/ElastiCache`. */
  readonly namespace: string;
  /** Name of the metric, as in `Evictions`. */
  readonly name: string;
  /** Dimensions of the metric. Values may be Terraform tokens. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The statistic over a period. */
  readonly statistic: Statistic;
  /** Length of a period, in seconds. @default 60 */
  readonly periodSeconds?: number;
}

/** An expression of several metrics. */
export interface MetricMath {
  /** Expression in CloudWatch's metric math, with the keys of `metrics`. */
  readonly expression: string;
  /** Metrics, keyed by their name in the expression, which begins with a lower-case letter. All have the same period. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** A graph on the dashboard. */
export interface Graph {
  /** Title of the graph. */
  readonly title: string;
  /** The metrics of the graph, one line for each, at most 500. */
  readonly metrics: readonly Metric[];
}
