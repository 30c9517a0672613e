import type { Graph, Metric } from "./metric";

/** Graphs under a title. */
export interface Section {
  readonly title: string;
  readonly graphs: readonly Graph[];
}

/** The dashboard is 24 units wide: three graphs side by side. */
const WIDTH = 24;
const GRAPH = { width: 8, height: 6 };
const TITLE_HEIGHT = 1;

/**
 * A dashboard as CloudWatch takes it: each section a line of text, then its graphs from left to right.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboardBody(region: string, sections: readonly Section[]): string {
  let top = 0;
  const widgets = sections.flatMap(({ title, graphs }) => {
    const below = top + TITLE_HEIGHT;
    const heading = {
      type: "text",
      x: 0,
      y: top,
      width: WIDTH,
      height: TITLE_HEIGHT,
      properties: { markdown: `## ${title}` },
    };
    const perRow = WIDTH / GRAPH.width;
    top = below + Math.ceil(graphs.length / perRow) * GRAPH.height;
    const pictures = graphs.map((graph, index) => ({
      type: "metric",
      x: (index % perRow) * GRAPH.width,
      y: below + Math.floor(index / perRow) * GRAPH.height,
      ...GRAPH,
      properties: { region, title: graph.title, view: "timeSeries", metrics: graph.metrics.map(line) },
    }));
    return [heading, ...pictures];
  });
  return JSON.stringify({ widgets });
}

function line({ namespace, name, dimensions, statistic, periodSeconds = 60 }: Metric): unknown[] {
  return [namespace, name, ...Object.entries(dimensions).flat(), { stat: statistic, period: periodSeconds }];
}
