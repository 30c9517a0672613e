import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { readSample } from "./sample";

const root = path.join(__dirname, "..", "..", "..");

describe("cdktf-session-store/session", () => {
  beforeAll(() => {
    execFileSync("npm", ["run", "--silent", "build:session"], { cwd: root });
  }, 30_000);

  it("is JavaScript any Koa app can load, with what it promises", () => {
    const program = 'process.stdout.write(Object.keys(require("cdktf-session-store/session")).sort().join())';
    const names = execFileSync(process.execPath, ["-e", program], { cwd: root, encoding: "utf8" });
    expect(names.split(",")).toEqual([
      "MemoryStore",
      "REDIS_OPTIONS",
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
      writeFileSync(path.join(folder, "app.ts"), readSample());
      writeFileSync(path.join(folder, "wrong.ts"), readSample().replace("session.data.cart", "session.data.card"));
      const tsc = path.join(root, "node_modules", ".bin", "tsc");
      const { stdout } = spawnSync(tsc, ["-p", ".", "--pretty", "false"], { cwd: folder, encoding: "utf8" });
      expect(stdout.trim().split("\n")).toEqual([expect.stringMatching(/^wrong\.ts\(.*'card' does not exist/)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
