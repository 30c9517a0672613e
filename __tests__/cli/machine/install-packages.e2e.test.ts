import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.join(__dirname, "..", "..", "..");
/** On the file system of the repository, as the folders whose packages are installed. */
const CACHE = path.join(ROOT, "node_modules", ".cache");
const PROCESSES = 5;

/** Writes the packages of package.json as npm does, and ends when each of the processes has written them. */
const NPM = `
const fs = require("node:fs");
const { dependencies } = JSON.parse(fs.readFileSync("package.json", "utf8"));
for (const [name, version] of Object.entries(dependencies)) {
  fs.mkdirSync("node_modules/" + name, { recursive: true });
  fs.writeFileSync("node_modules/" + name + "/package.json", JSON.stringify({ version }));
}
fs.writeFileSync(process.env.WAITING + "/" + process.pid, "");
while (fs.readdirSync(process.env.WAITING).length < ${PROCESSES});
`;

it.each(["folder", "another"])(
  "processes that install the packages of a folder into %s at the same time leave them whole, over older ones too",
  async (name) => {
    mkdirSync(CACHE, { recursive: true });
    const work = mkdtempSync(path.join(CACHE, "test-install-"));
    try {
      const [npm, WAITING, folder] = [path.join(work, "npm.js"), path.join(work, "waiting"), path.join(work, "folder")];
      const into = path.join(work, name);
      const older = path.join(into, "node_modules", "one");
      for (const made of [WAITING, folder, older]) mkdirSync(made, { recursive: true });
      writeFileSync(npm, NPM);
      writeFileSync(path.join(folder, "package.json"), JSON.stringify({ dependencies: { one: "2.0.0" } }));
      writeFileSync(path.join(folder, "package-lock.json"), "{}");
      writeFileSync(path.join(older, "package.json"), JSON.stringify({ version: "1.0.0" }));
      const script = `require("./cli/machine/install-packages").installPackages(${JSON.stringify(folder)}, ${JSON.stringify(into)})`;
      const ended = Array.from({ length: PROCESSES }, async () => {
        const child = spawn(process.execPath, ["--require", "./cli/typescript.cjs", "-e", script], {
          cwd: ROOT,
          env: { ...process.env, npm_execpath: npm, WAITING },
          stdio: ["ignore", "ignore", "pipe"],
        });
        let stderr = "";
        child.stderr.setEncoding("utf8").on("data", (text) => {
          stderr += text;
        });
        const [code] = await once(child, "close");
        return [code, stderr];
      });
      expect(await Promise.all(ended)).toEqual(Array.from({ length: PROCESSES }, () => [0, ""]));
      expect(JSON.parse(readFileSync(path.join(older, "package.json"), "utf8"))).toEqual({ version: "2.0.0" });
      const inputs = readdirSync(folder).filter((file) => file !== "node_modules");
      expect(inputs.sort()).toEqual(["package-lock.json", "package.json"]);
      expect(readdirSync(into)).toContain("node_modules");
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  },
);
