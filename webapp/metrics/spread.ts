/**
 * Values with about the distribution of a histogram: one value for each observation, and at most `most`. Within a bucket,
 * observations count as evenly spread, as in Prometheus' `histogram_quantile`; above the last finite bound, as on it.
 *
 * @param counts - observations by the upper bound of their bucket, in ascending order.
 * @see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 */
export function spread(counts: ReadonlyMap<number, number>, most: number): number[] {
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const size = Math.min(total, most);
  const values: number[] = [];
  let lower = 0;
  let below = 0;
  for (const [bound, count] of counts) {
    const upper = Number.isFinite(bound) ? bound : lower;
    for (;;) {
      const rank = ((values.length + 0.5) / size) * total;
      if (values.length === size || rank > below + count) break;
      values.push(lower + ((rank - below) / count) * (upper - lower));
    }
    below += count;
    lower = upper;
  }
  return values;
}
