import { Session } from "node:inspector/promises";
import path from "node:path";

const SOURCES = path.join(__dirname, "..", "..", "..", "cli", "plan");

/**
 * Counts the calls of each function of the plan review while `run` runs: a measure of work that is the same on a busy machine.
 *
 * @returns the calls by function, with its file and position.
 * @see https://chromedevtools.github.io/devtools-protocol/v8/Profiler/#method-startPreciseCoverage
 */
export async function countCalls(run: () => void): Promise<ReadonlyMap<string, number>> {
  const session = new Session();
  session.connect();
  try {
    await session.post("Profiler.enable");
    await session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    run();
    const { result } = await session.post("Profiler.takePreciseCoverage");
    await session.post("Profiler.stopPreciseCoverage");
    const calls = result
      .filter(({ url }) => url.includes(SOURCES))
      .flatMap(({ url, functions }) =>
        functions.flatMap(({ functionName, ranges: [range] }): [string, number][] => {
          if (range === undefined) return [];
          const file = path.relative(SOURCES, url.replace("file://", ""));
          return [[`${file} ${functionName} ${range.startOffset}`, range.count]];
        }),
      );
    return new Map(calls);
  } finally {
    session.disconnect();
  }
}
