import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { runNode } from "../../programs/command";
import { freePort } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { startRestrictedRedis } from "../../programs/restricted-redis";
import { Visitor } from "../../programs/visitor";

const EXAMPLE = ["--require", "./cli/typescript.cjs", "webapp/examples/start.ts"];
const KEY = { SECRET_KEY: "k".repeat(32) };

describe("npm run example", () => {
  it.each<{ what: string; args: string[]; variables: Record<string, string>; says: string }>([
    { what: "no number", args: [], variables: {}, says: "example: got nothing, takes 1, 2, 3 or 4" },
    { what: "another number", args: ["5"], variables: {}, says: "example: got 5, takes 1, 2, 3 or 4" },
    { what: "a wrong variable", args: ["1"], variables: { PORT: "x" }, says: 'PORT: got "x", takes a whole number' },
    {
      what: "no Redis",
      args: ["3"],
      variables: { ...KEY, REDIS_URL: "redis://127.0.0.1:1" },
      says: "Redis at 127.0.0.1:1: connect ECONNREFUSED",
    },
  ])("says in one line that it got $what", async ({ args, variables, says }) => {
    const { code, stderr } = await runNode([...EXAMPLE, ...args], variables);
    expect([code, stderr.slice(0, says.length), stderr.split("\n").length]).toEqual([2, says, 2]);
  });
});

describeWith(["redis-server"], "npm run example -- 3", () => {
  it("serves the example", async () => {
    const restricted = await startRestrictedRedis();
    const url = `http://127.0.0.1:${await freePort()}`;
    const child = spawn(process.execPath, [...EXAMPLE, "3"], {
      cwd: path.join(__dirname, "..", "..", ".."),
      env: { ...process.env, ...KEY, REDIS_URL: restricted.url, PORT: new URL(url).port },
    });
    try {
      const [line] = await once(child.stderr, "data");
      expect(String(line)).toBe(`listening on ${url}\n`);
      expect((await new Visitor(url).login("ann")).body).toContain("Visits: 1<");
      expect(await restricted.admin.keys("*")).toEqual([expect.stringMatching(/^session:example:[0-9a-f]{32}$/)]);
    } finally {
      child.kill();
      await restricted.stop();
    }
  });
});
