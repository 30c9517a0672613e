import { listWork } from "../../../cli/size/load";
import { describeWith } from "../../programs/require";
import { type Measured, measure } from "./measure";

const TIMES = 300;

/** Microseconds by cli/size/load.ts, with its factor for a slower core. */
function predict(bytes: number): number[] {
  const requests = { perSecond: 1, averagePerSecond: 1, writing: 1, bytes, attributes: 1, loginsPerSecond: 1 };
  return listWork(requests).map(({ micros }) => micros);
}

describeWith(["redis-server", "openssl"], "the work of a session for Redis", () => {
  it.each([200, 2048, 8192])("of %i bytes is no more than the sizing counts with", async (bytes) => {
    const { read, write, login, set }: Measured = await measure(bytes, TIMES);
    const shown = [read, write, login, set].map((micros) => micros.toFixed(1));
    process.stdout.write(`${bytes} bytes: read, write, login, set ${shown.join(", ")} µs\n`);
    for (const [n, predicted] of predict(bytes).entries()) {
      expect([read, write, login][n]).toBeLessThan(predicted);
    }
  });
});
