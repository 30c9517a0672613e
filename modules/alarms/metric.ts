/**
 * The statistic that CloudWatch computes over a period; `p95` is the value that 95 % of them
 * do not exceed.
 */
export type Statistic = "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount" | "p50" | "p95";

/** A number CloudWatch keeps. */
export interface Metric {
  /** As in `AWS/ElastiCache`. */
  readonly namespace: string;
  /** As in `Evictions`. */
  readonly name: string;
  /** The dimensions that tell it from others of its name; values may be Terraform tokens. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The statistic over a period. */
  readonly statistic: Statistic;
  /** Length of a period, in seconds. @default 60 */
  readonly periodSeconds?: number;
}

/** A number that CloudWatch works out of several metrics. */
export interface MetricMath {
  /** In CloudWatch's metric math, over the keys of `metrics`. */
  readonly expression: string;
  /** By the name that the expression calls each, beginning with a small letter. All have the same period. */
  readonly metrics: Readonly<Record<string, Metric>>;
}

/** A picture on the dashboard. */
export interface Graph {
  /** The heading above it. */
  readonly title: string;
  /** One line each, 500 at most. */
  readonly metrics: readonly Metric[];
}
