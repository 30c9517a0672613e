import { allocate, predictMemory, type Sessions, sum } from "../../../cli/size/memory";

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

  it("has a table beyond the attributes, and the sessions of a user, that Redis packs into one allocation", () => {
    const measureSession = (attributes: number) =>
      sum(predictMemory({ ...SESSIONS, attributes, bytes: 10 * attributes }).session);
    expect(measureSession(508) - measureSession(507)).toBeLessThan(200);
    expect(measureSession(509) / measureSession(508)).toBeGreaterThan(2);
    const measureIndex = (sessionsPerUser: number) => sum(predictMemory({ ...SESSIONS, sessionsPerUser }).index);
    expect(measureIndex(129) / measureIndex(128)).toBeGreaterThan(2);
  });

  it("grows with users, sessions and bytes, and is more for each key in cluster mode", () => {
    const { data } = predictMemory(SESSIONS);
    expect(predictMemory({ ...SESSIONS, users: 40_000 }).data).toBeGreaterThan(1.99 * data);
    expect(predictMemory({ ...SESSIONS, sessionsPerUser: 2 }).data).toBeGreaterThan(1.8 * data);
    expect(predictMemory({ ...SESSIONS, bytes: 4096 }).data).toBeGreaterThan(1.6 * data);
    expect(sum(predictMemory(SESSIONS, 3).session)).toBe(sum(predictMemory(SESSIONS).session) + 16);
  });
});
