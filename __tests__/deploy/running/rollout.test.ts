import { roll } from "./rollout";

/** Replaces two servers by two others. @returns what happened, and how many there were after each step. */
async function replaceTwo(leastPercent: number, mostPercent: number, comesUp = true): Promise<string[]> {
  const there = new Set(["old 1", "old 2"]);
  const steps: string[] = [];
  const note = (what: string) => steps.push(`${what}: ${there.size}`);
  const rolling = {
    wanted: 2,
    count: () => there.size,
    old: [...there],
    next: ["new 1", "new 2"],
    async add(server: string) {
      if (!comesUp) throw new Error(`${server} does not come up`);
      there.add(server);
      note(`+ ${server}`);
    },
    async retire(server: string) {
      there.delete(server);
      note(`- ${server}`);
    },
  };
  await roll({ group: "web", leastPercent, mostPercent }, rolling).catch((error) => note(error.message));
  return steps;
}

describe("a rollout", () => {
  it("has new ones come first where there may be twice as many", async () => {
    expect(await replaceTwo(100, 200)).toEqual(["+ new 1: 3", "+ new 2: 4", "- old 1: 3", "- old 2: 2"]);
  });

  it("goes one by one where there may be one more", async () => {
    expect(await replaceTwo(100, 150)).toEqual(["+ new 1: 3", "- old 1: 2", "+ new 2: 3", "- old 2: 2"]);
  });

  it("removes all servers where none has to stay", async () => {
    expect(await replaceTwo(0, 100)).toEqual(["- old 1: 1", "- old 2: 0", "+ new 1: 1", "+ new 2: 2"]);
  });

  it("keeps the old ones when a new one does not come up", async () => {
    expect(await replaceTwo(100, 200, false)).toEqual(["new 1 does not come up: 2"]);
  });

  it("says so where there may be neither more nor fewer", async () => {
    const [why] = await replaceTwo(100, 100);
    expect(why).toContain("web: got at least 2 and at most 2 of 2");
  });
});
