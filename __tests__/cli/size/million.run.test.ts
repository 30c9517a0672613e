import { describeWith } from "../../programs/require";
import { fill } from "./fill";

/** A million logins, on a busy machine. */
const LONG_MS = 1_800_000;

describeWith(["redis-server"], "the memory of 1,000,000 sessions in Redis", () => {
  it(
    "is predicted within a tenth",
    async () => {
      const { measured, predicted } = await fill({ users: 1_000_000, sessionsPerUser: 1, attributes: 2, bytes: 500 });
      process.stdout.write(`1,000,000 sessions: ${measured} bytes, predicted ${predicted}\n`);
      expect(predicted / measured).toBeGreaterThan(0.9);
      expect(predicted / measured).toBeLessThan(1.1);
    },
    LONG_MS,
  );
});
