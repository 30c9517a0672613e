import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { loadTool } from "./load";
import { BENCH, onServerCore, pinning, ROOT } from "./served";

/** Describes the machine, its programs and its load, for the head of the report. */
export function describeMachine(): Record<string, string> {
  return {
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model.trim()}`,
    Linux: os.release(),
    Node: process.version,
    Redis: /v=(\S+)/.exec(execFileSync("redis-server", ["--version"], { encoding: "utf8" }))?.[1] ?? "?",
    load: loadTool,
    pinned: `(${pinning})`,
    "load average at the start": os
      .loadavg()
      .map((n) => n.toFixed(1))
      .join(" "),
    "slowest quarter of the same work over the fastest": `${steadiness()} x`,
  };
}

function steadiness(): string {
  const [command, ...args] = onServerCore([process.execPath, path.join(BENCH, "steadiness.cjs")]);
  return execFileSync(command, args, { encoding: "utf8" });
}

/** The installed versions of the packages that were measured. */
export function installedVersions(): Record<string, string> {
  const versions: Record<string, string> = {};
  for (const [folder, names] of [
    [ROOT, ["koa", "koa-session"]],
    [BENCH, Object.keys(manifest(BENCH).dependencies ?? {}).filter((name) => name !== "autocannon")],
  ] as const) {
    for (const name of names) versions[name] = manifest(path.join(folder, "node_modules", name)).version ?? "?";
  }
  return versions;
}

function manifest(folder: string): { version?: string; dependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { version?: string };
}
