import { spread } from "../../../webapp/metrics/spread";

const buckets = (...counts: number[]) =>
  new Map([1, 2, 4, Number.POSITIVE_INFINITY].map((le, i) => [le, counts[i] ?? 0]));

describe("values of a histogram", () => {
  it("are evenly spread within their bucket, and at the last finite bound above it", () => {
    expect(spread(buckets(1, 0, 2, 1), 100)).toEqual([0.5, 2.5, 3.5, 4]);
  });

  it("are none without an observation", () => {
    expect(spread(buckets(), 100)).toEqual([]);
  });

  it("have the histogram's percentiles where there are more observations than values", () => {
    const values = spread(buckets(9000, 600, 400), 100);
    expect(values).toHaveLength(100);
    expect(values.filter((value) => value <= 1)).toHaveLength(90);
    expect(values.filter((value) => value > 2)).toHaveLength(4);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });
});
