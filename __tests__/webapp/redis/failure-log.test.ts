import { FailureLog } from "../../../webapp/redis/failure-log";

describe("FailureLog", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function start() {
    const lines: object[] = [];
    const log = { info: () => {}, warn: (fields: object, message: string) => void lines.push({ ...fields, message }) };
    return { failures: new FailureLog(log), lines };
  }
  const line = (error: string, more = {}) => ({ error, ...more, message: "redis connection" });

  it("logs another failure at once", () => {
    const { failures, lines } = start();
    for (const text of ["refused", "refused", "timed out", "refused"]) failures.add(new Error(text));
    expect(lines).toEqual([line("refused"), line("timed out"), line("refused")]);
  });

  it("logs the same failure again after a minute, with the number of attempts since", () => {
    const { failures, lines } = start();
    for (let second = 0; second <= 60; second++) {
      failures.add(new Error("refused"));
      jest.advanceTimersByTime(1000);
    }
    expect(lines).toEqual([line("refused"), line("refused", { attempts: 60 })]);
  });

  it("logs the same failure again when there was a connection in between", () => {
    const { failures, lines } = start();
    failures.add(new Error("refused"));
    failures.clear();
    failures.add(new Error("refused"));
    expect(lines).toEqual([line("refused"), line("refused")]);
  });
});
