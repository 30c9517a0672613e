import { freePort } from "../../../cli/dev/program";

describe("a free port", () => {
  it("is handed out once, and is none that a connection of another program may take meanwhile", async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, freePort));
    expect(new Set(ports).size).toBe(200);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });
});
