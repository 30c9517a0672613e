import { spawnSync } from "node:child_process";
import path from "node:path";
import { explainDiskError } from "../../../cli/machine/explain-disk-error";
import { findDiskError } from "../../../environment/disk-error";

const ROOT = path.join(__dirname, "..", "..", "..");
const buildError = (code: string, files: object = {}) => Object.assign(new Error(code), { code, ...files });

const ERRORS = [
  ["ENOSPC", "the disk is full: free space on it"],
  ["EDQUOT", "the disk quota is used up: delete files there, or raise the quota"],
  ["EROFS", "the disk is read-only: make it writable, or work in another folder"],
] as const;

it.each(ERRORS)("%s names the file, and the way out", (code, says) => {
  const error = buildError(code, { path: "a", dest: "b" });
  const found = findDiskError(error);
  expect(found && explainDiskError(error, found, [])).toBe(`b: ${says}, and run the command again`);
});

it.each(ERRORS)("%s ends a command with one line, and 2", (code, says) => {
  const script = `
    const { main } = require("./cli/machine/command");
    const run = () => { throw Object.assign(new Error("x"), { code: "${code}", path: "cdktf.out" }); };
    main({ name: "n", says: "s", operands: { usage: "", says: "", atMost: 0 }, options: {}, run }, []);`;
  const args = ["--require", "./cli/typescript.cjs", "-e", script];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect([status, stderr]).toEqual([2, `cdktf.out: ${says}, and run the command again\n`]);
});

it("an error of another kind is none of the disk", () => {
  expect([findDiskError(buildError("EACCES")), findDiskError(new Error("ENOSPC")), findDiskError("ENOSPC")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
