import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { readEnvironment } from "../../../environment";

const ROOT = path.join(__dirname, "..", "..", "..");
const read = (file: string) => readFileSync(path.join(ROOT, file), "utf8");

interface Instruction {
  readonly name: string;
  readonly text: string;
}
const instructions: readonly Instruction[] = read("Dockerfile")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({ name: line.split(" ")[0] as string, text: line.slice(line.indexOf(" ") + 1) }));
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));
const all = (name: string, of = instructions) => of.filter((one) => one.name === name).map(({ text }) => text);

/** Files that a `COPY` takes from the repository, not from another stage. */
const copied = all("COPY")
  .filter((text) => !text.startsWith("--from"))
  .flatMap((text) => text.split(" ").slice(0, -1));

describe("the Dockerfile", () => {
  it("uses one base, slim, pinned to a release of the Node that instances run", () => {
    const [base] = all("ARG").filter((text) => text.startsWith("NODE_IMAGE="));
    expect(base).toMatch(
      /^NODE_IMAGE=public\.ecr\.aws\/docker\/library\/node:24\.\d+\.\d+-bookworm-slim(@sha256:\w{64})?$/,
    );
    expect(all("FROM")).toEqual(["--platform=$BUILDPLATFORM $NODE_IMAGE AS build", "$NODE_IMAGE"]);
    expect(read("Dockerfile")).not.toMatch(/:latest|\bADD\b|curl|wget/);
  });

  it("ends with the bundle and its notices, read-only for every user, and runs nothing", () => {
    const app = "/build/webapp/dist/session-app";
    expect(all("COPY", lastStage)).toEqual([
      `--from=build --chown=0:0 --chmod=0444 ${app}.js /app/`,
      `--from=build --chown=0:0 --chmod=0444 ${app}.THIRD-PARTY-NOTICES.txt /app/THIRD-PARTY-NOTICES.txt`,
    ]);
    expect(all("RUN", lastStage)).toEqual([]);
  });

  it("runs as a user by number who is not root, by exec so that signals reach the app", () => {
    expect(all("USER", lastStage)).toEqual(["1000:1000"]);
    expect(all("ENTRYPOINT", lastStage)).toEqual(['["node", "/app/session-app.js"]']);
    expect(all("CMD", lastStage)).toEqual([]);
  });

  it("sets variables of the contract and no secret", () => {
    const variables = Object.fromEntries(
      all("ENV", lastStage).flatMap((text) => text.split(" ").map((v) => v.split("="))),
    );
    expect(Object.keys(variables).sort()).toEqual(["HOST", "NODE_ENV", "PORT"]);
    const given = { REDIS_URL: "redis://r", SECRET_KEY: "k".repeat(32), LOGIN: "demo" };
    const { host, port, production } = readEnvironment({ ...variables, ...given });
    expect([host, port, production]).toEqual(["0.0.0.0", 5000, true]);
    expect(all("EXPOSE", lastStage)).toEqual([String(port)]);
    expect(all("ARG").map((text) => text.split("=")[0])).toEqual(["NODE_IMAGE", "BUNDLE_SHA256"]);
  });

  it("installs what the lockfile says, before the sources, so that a change of these installs nothing", () => {
    const [install] = all("RUN");
    expect(install).toMatch(/^npm ci /);
    expect(copied.slice(0, 2)).toEqual(["package.json", "package-lock.json"]);
  });

  it("is handed what it copies and nothing else", () => {
    const [everything, ...rest] = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(everything).toBe("*");
    expect(
      rest
        .filter((line) => line.startsWith("!"))
        .map((line) => line.slice(1))
        .sort(),
    ).toEqual([...copied].sort());
    expect(rest).toContain("webapp/dist");
  });

  it("builds the same bytes from what it copies as npm run build does here", () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), "image-"));
    const made = ["session-app.js", "session-app.THIRD-PARTY-NOTICES.txt"];
    const sha256 = (root: string) =>
      made.map((file) =>
        createHash("sha256")
          .update(readFileSync(path.join(root, "webapp", "dist", file)))
          .digest("hex"),
      );
    try {
      const isSource = (file: string) => !file.startsWith(path.join(ROOT, "webapp", "dist"));
      for (const file of copied) {
        cpSync(path.join(ROOT, file), path.join(dir, file), { recursive: true, filter: isSource });
      }
      symlinkSync(path.join(ROOT, "node_modules"), path.join(dir, "node_modules"));
      execFileSync("node", ["webapp/build/if-edited.cjs"], { cwd: dir, stdio: "ignore" });
      expect(sha256(dir)).toEqual(sha256(ROOT));
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});
