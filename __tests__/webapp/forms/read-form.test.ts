import { at, serve } from "../security/served";

describe("a form", () => {
  it("is read up to 8 KB and 413 beyond", async () => {
    const visitor = at(await serve());
    const size = (fields: Record<string, string>) => new URLSearchParams(fields).toString().length;
    const answers: number[] = [];
    for (const bytes of [8192, 8193]) {
      await visitor.get("/login");
      const fields = { token: "", username: "" };
      const padded = { ...fields, username: "x".repeat(bytes - size(fields)) };
      expect(size(padded)).toBe(bytes);
      answers.push((await visitor.post("/login", padded)).status);
    }
    // The first one is read, and refused for its token.
    expect(answers).toEqual([403, 413]);
  });
});
