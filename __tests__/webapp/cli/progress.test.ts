import { PassThrough } from "node:stream";
import { Progress } from "../../../webapp/cli/progress";

/** Shows progress at these milliseconds after its start; everything that it writes to standard error. */
function write(isTTY: boolean, times: readonly number[]): string {
  const stderr = Object.assign(new PassThrough({ encoding: "utf8" }), { isTTY });
  jest.spyOn(process, "stderr", "get").mockReturnValue(stderr as never);
  const now = jest.spyOn(performance, "now").mockReturnValue(0);
  const progress = new Progress();
  for (const ms of times) {
    now.mockReturnValue(ms);
    progress.show(() => `after ${ms}`);
  }
  progress.clear();
  progress.clear();
  return stderr.read() ?? "";
}

describe("progress", () => {
  afterEach(() => jest.restoreAllMocks());

  it("is a line after two seconds, then one each ten, and none of a shorter command", () => {
    expect(write(false, [1000, 1999])).toBe("");
    expect(write(false, [2000, 2500, 11_999, 12_000])).toBe("inspect: after 2000\ninspect: after 12000\n");
  });

  it("is written over on a terminal, and taken off at the end", () => {
    expect(write(true, [2000, 2100, 2300])).toBe(
      "\rinspect: after 2000\u001b[K\rinspect: after 2300\u001b[K\r\u001b[K",
    );
  });
});
