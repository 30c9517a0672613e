import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const root = path.join(__dirname, "..", "..", "..");

/** The first example of the page on sessions: what its readers copy. */
function documentedExample(): string {
  const page = readFileSync(path.join(root, "docs", "sessions.md"), "utf8");
  const example = /```ts\n([\s\S]*?)```/.exec(page)?.[1];
  if (example === undefined) throw new Error("docs/sessions.md has no example");
  return example;
}

describe("cdktf-session-store/session", () => {
  beforeAll(() => {
    execFileSync("npm", ["run", "--silent", "build:session"], { cwd: root });
  }, 30_000);

  it("is JavaScript any Koa app can load, with what it promises", () => {
    const program = 'process.stdout.write(Object.keys(require("cdktf-session-store/session")).sort().join())';
    const names = execFileSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" });
    expect(names.split(",")).toEqual([
      "MemoryStore",
      "RedisStore",
      "SessionDataError",
      "SessionLimitError",
      "StoreError",
      "batchWrites",
      "createSessions",
    ]);
  });

  it("has types that take the documented example as it stands, and refuse a name outside its schema", () => {
    const folder = mkdtempSync(path.join(root, "dist", "example-"));
    try {
      const settings = { extends: "../../tsconfig.json", include: ["*.ts"], exclude: [] };
      writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(settings));
      writeFileSync(path.join(folder, "app.ts"), documentedExample());
      writeFileSync(
        path.join(folder, "wrong.ts"),
        documentedExample().replace("session.data.cart", "session.data.card"),
      );
      const tsc = path.join(root, "node_modules", ".bin", "tsc");
      const { stdout } = spawnSync(tsc, ["-p", ".", "--pretty", "false"], { cwd: folder, encoding: "utf8" });
      expect(stdout.trim().split("\n")).toEqual([expect.stringMatching(/^wrong\.ts\(.*'card' does not exist/)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
