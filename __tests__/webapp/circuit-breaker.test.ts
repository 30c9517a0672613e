import { CircuitBreaker } from "../../webapp/circuit-breaker";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A service that fails with these errors in turn, and then answers; `calls` counts how often it was asked. */
function serviceThatFails(...failures: readonly Error[]) {
  const left = [...failures];
  const service = {
    calls: 0,
    async ask() {
      service.calls++;
      const failure = left.shift();
      if (failure !== undefined) throw failure;
      return "answer";
    },
  };
  return service;
}

describe("a circuit breaker", () => {
  it("fails at once with the last failure for a second, then tries again", async () => {
    const service = serviceThatFails(new Error("away"));
    const breaker = new CircuitBreaker();
    await expect(breaker.run(service.ask)).rejects.toThrow("away");
    jest.advanceTimersByTime(999);
    await expect(breaker.run(service.ask)).rejects.toThrow("away");
    expect(service.calls).toBe(1);
    jest.advanceTimersByTime(1);
    await expect(breaker.run(service.ask)).resolves.toBe("answer");
    expect(service.calls).toBe(2);
  });

  it("stays closed for an error that is an answer", async () => {
    const service = serviceThatFails(new RangeError("refused"));
    const breaker = new CircuitBreaker((error) => !(error instanceof RangeError));
    await expect(breaker.run(service.ask)).rejects.toThrow("refused");
    await expect(breaker.run(service.ask)).resolves.toBe("answer");
  });

  it("opens again when the service is still away", async () => {
    const service = serviceThatFails(new Error("away"), new Error("still away"));
    const breaker = new CircuitBreaker();
    await expect(breaker.run(service.ask)).rejects.toThrow("away");
    jest.advanceTimersByTime(1000);
    await expect(breaker.run(service.ask)).rejects.toThrow("still away");
    await expect(breaker.run(service.ask)).rejects.toThrow("still away");
    expect(service.calls).toBe(2);
  });
});
