import { allocate, predictMemory, type Sessions, sum } from "../../../cli/size/memory";
import { describeWith } from "../../programs/require";
import { fill } from "./fill";

const SESSIONS: Sessions = { users: 20_000, sessionsPerUser: 1, attributes: 1, bytes: 2048 };

describe("the memory of sessions", () => {
  it.each([
    [1, 8],
    [24, 32],
    [57, 64],
    [129, 160],
    [2048, 2048],
    [2054, 2560],
  ])("takes for %i bytes the %i that the allocator gives", (bytes, allocated) => {
    expect(allocate(bytes)).toBe(allocated);
  });

  it("grows with users, sessions and bytes, and is more for each key in cluster mode", () => {
    const { data } = predictMemory(SESSIONS);
    expect(predictMemory({ ...SESSIONS, users: 40_000 }).data).toBeGreaterThan(1.99 * data);
    expect(predictMemory({ ...SESSIONS, sessionsPerUser: 2 }).data).toBeGreaterThan(1.8 * data);
    expect(predictMemory({ ...SESSIONS, bytes: 4096 }).data).toBeGreaterThan(1.6 * data);
    expect(sum(predictMemory(SESSIONS, 3).session)).toBe(sum(predictMemory(SESSIONS).session) + 16);
  });
});

describeWith(["redis-server"], "the memory of 20,000 sessions in Redis", () => {
  it.each<{ what: string; sessions: Partial<Sessions> }>([
    { what: "one large attribute", sessions: {} },
    { what: "small attributes, in a listpack", sessions: { attributes: 3, bytes: 90 } },
    { what: "three sessions of each user", sessions: { users: 6_000, sessionsPerUser: 3, attributes: 5, bytes: 1000 } },
  ])("is predicted within a tenth: $what", async ({ sessions }) => {
    const { measured, predicted } = await fill({ ...SESSIONS, ...sessions });
    expect(predicted / measured).toBeGreaterThan(0.9);
    expect(predicted / measured).toBeLessThan(1.1);
  });
});
