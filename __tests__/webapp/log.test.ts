import { runNode } from "../programs/command";

const LOADER = ["--require", "./cli/typescript.cjs"];

describe("the app's log", () => {
  it("writes one line a record for every reader, with any characters in a name", async () => {
    const name = "a\u2028b\u2029c\u0085d\ne";
    const program = `require("./webapp/log.ts").createLog("info", true).info({ user: ${JSON.stringify(name)} }, "login")`;
    const { code, stdout } = await runNode([...LOADER, "--eval", program], {});
    expect(code).toBe(0);
    expect(stdout.trimEnd().split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({ user: name, msg: "login" });
  });
});
