/** A number CloudWatch keeps. */
export interface Metric {
  /** As in `AWS/ElastiCache`. */
  readonly namespace: string;
  /** As in `Evictions`. */
  readonly name: string;
  /** What tells it from others of its name; values may be Terraform tokens. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** What is made of the values of a period. */
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount";
  /** Length of a period, in seconds. @default 60 */
  readonly periodSeconds?: number;
}

/** A picture on the dashboard. */
export interface Graph {
  /** What stands above it. */
  readonly title: string;
  /** One line each, 500 at most. */
  readonly metrics: readonly Metric[];
}
