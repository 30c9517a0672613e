import type { Sessions } from "../../../cli/size/memory";
import { describeWith } from "../../programs/require";
import { fill } from "./fill";

/** Twenty thousand logins, on a busy machine. */
const LONG_MS = 180_000;
const SESSIONS: Sessions = { users: 20_000, sessionsPerUser: 1, attributes: 1, bytes: 2048 };

describeWith(["redis-server"], "the memory of 20,000 sessions in Redis", () => {
  it.each<{ what: string; sessions: Partial<Sessions> }>([
    { what: "one large attribute", sessions: {} },
    { what: "small attributes, in a listpack", sessions: { attributes: 3, bytes: 90 } },
    { what: "more small attributes than a listpack takes", sessions: { users: 500, attributes: 600, bytes: 6000 } },
    { what: "more sessions of a user than a listpack takes", sessions: { users: 50, sessionsPerUser: 200, bytes: 90 } },
    { what: "three sessions of each user", sessions: { users: 6_000, sessionsPerUser: 3, attributes: 5, bytes: 1000 } },
  ])(
    "is predicted within a tenth: $what",
    async ({ sessions }) => {
      const { measured, predicted } = await fill({ ...SESSIONS, ...sessions });
      expect(predicted / measured).toBeGreaterThan(0.9);
      expect(predicted / measured).toBeLessThan(1.1);
    },
    LONG_MS,
  );
});
