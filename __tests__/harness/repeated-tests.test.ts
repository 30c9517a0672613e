import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

const JEST = path.join(path.dirname(require.resolve("jest/package.json")), "bin", "jest.js");
const FLAKY = `
jest.retryTimes(1);
let runs = 0;
it("passes the second time", () => expect(runs++).toBe(1));
it("passes", () => {});
`;

it("names each test that ran twice, and no other one", () => {
  const rootDir = realpathSync(mkdtempSync(path.join(os.tmpdir(), "repeated-")));
  try {
    writeFileSync(path.join(rootDir, "flaky.test.js"), FLAKY);
    const config = { rootDir, transform: {}, watchman: false, reporters: [path.join(__dirname, "repeated-tests.cjs")] };
    const { status, stderr } = spawnSync(process.execPath, [JEST, "--config", JSON.stringify(config)], {
      cwd: rootDir,
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, "\nran twice:\n  flaky.test.js: passes the second time\n"]);
  } finally {
    rmSync(rootDir, { recursive: true, force: true });
  }
});
