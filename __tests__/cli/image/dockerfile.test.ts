import { readEnvironment } from "../../../environment";
import { copied, lastStage, listTexts, read } from "./dockerfile";

describe("the Dockerfile", () => {
  it("uses one base, slim, pinned to a release of the Node that instances run", () => {
    const [base] = listTexts("ARG").filter((text) => text.startsWith("NODE_IMAGE="));
    expect(base).toMatch(
      /^NODE_IMAGE=public\.ecr\.aws\/docker\/library\/node:24\.\d+\.\d+-bookworm-slim(@sha256:\w{64})?$/,
    );
    expect(listTexts("FROM")).toEqual(["--platform=$BUILDPLATFORM $NODE_IMAGE AS build", "$NODE_IMAGE"]);
    expect(read("Dockerfile")).not.toMatch(/:latest|\bADD\b|curl|wget/);
  });

  it("ends with the bundle and its notices, read-only for every user, and runs nothing", () => {
    const app = "/build/webapp/dist/session-app";
    expect(listTexts("COPY", lastStage)).toEqual([
      `--from=build --chown=0:0 --chmod=0444 ${app}.js /app/`,
      `--from=build --chown=0:0 --chmod=0444 ${app}.THIRD-PARTY-NOTICES.txt /app/THIRD-PARTY-NOTICES.txt`,
    ]);
    expect(listTexts("RUN", lastStage)).toEqual([]);
  });

  it("runs as a user by number who is not root, by exec so that signals reach the app", () => {
    expect(listTexts("USER", lastStage)).toEqual(["1000:1000"]);
    expect(listTexts("ENTRYPOINT", lastStage)).toEqual(['["node", "/app/session-app.js"]']);
    expect(listTexts("CMD", lastStage)).toEqual([]);
  });

  it("sets variables of the contract and no secret", () => {
    const variables = Object.fromEntries(
      listTexts("ENV", lastStage).flatMap((text) => text.split(" ").map((v) => v.split("="))),
    );
    expect(Object.keys(variables).sort()).toEqual(["HOST", "NODE_ENV", "PORT"]);
    const given = { REDIS_URL: "redis://r", SECRET_KEY: "k".repeat(32), LOGIN: "demo" };
    const { host, port, production } = readEnvironment({ ...variables, ...given });
    expect([host, port, production]).toEqual(["0.0.0.0", 5000, true]);
    expect(listTexts("EXPOSE", lastStage)).toEqual([String(port)]);
    expect(listTexts("ARG").map((text) => text.split("=")[0])).toEqual(["NODE_IMAGE", "BUNDLE_SHA256"]);
  });

  it("installs what the lockfile says, before the sources, so that a change of these installs nothing", () => {
    const [install] = listTexts("RUN");
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
});
