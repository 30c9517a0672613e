import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { BENCH, onLoadCore, type Served } from "./served";

const run = promisify(execFile);
const CONNECTIONS = "50";
const hasWrk = spawnSync("wrk", ["--version"]).error === undefined;
const dir = mkdtempSync(path.join(os.tmpdir(), "bench-"));

/** The program that makes the load, and its connections, for the report. */
export const loadTool = hasWrk ? `wrk, ${CONNECTIONS} connections` : `autocannon, ${CONNECTIONS} connections`;

/** The throughput of a server under a closed loop of 50 connections. */
export interface Throughput {
  readonly perSecond: number;
  /** The server's own CPU, microseconds a request: moves less than the rate when the machine is busy. */
  readonly cpu: number;
}

/** As fast as it goes, for so many seconds. @throws when an answer was no success. */
export async function load(
  server: Served,
  page: string,
  cookies: readonly string[],
  seconds: number,
): Promise<Throughput> {
  const before = server.cpu();
  const { requests, micros } = hasWrk
    ? await wrk(server, page, cookies, seconds)
    : await autocannon(server, page, cookies, seconds);
  return { perSecond: requests / (micros / 1e6), cpu: (server.cpu() - before) / requests };
}

async function wrk(server: Served, page: string, cookies: readonly string[], seconds: number) {
  const list = path.join(dir, `${server.port}.txt`);
  writeFileSync(list, cookies.length === 0 ? "\n" : `${cookies.join("\n")}\n`);
  const args = ["-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "-s", path.join(BENCH, "load.lua"), server.origin + page];
  const [command, ...rest] = onLoadCore(["wrk", ...args, "--", list]);
  const { stdout } = await run(command, rest);
  const [requests = 0, micros = 0, failed = 0] = /RESULT (\d+) (\d+) (\d+)/.exec(stdout)?.slice(1).map(Number) ?? [];
  if (requests === 0 || failed > 0)
    throw new Error(`${server.name} ${page}: ${failed} of ${requests} failed\n${stdout}`);
  return { requests, micros };
}

async function autocannon(server: Served, page: string, cookies: readonly string[], seconds: number) {
  const forwarded = { "x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "https" };
  const requests = (cookies.length === 0 ? [""] : cookies).map((cookie) => ({
    path: page,
    headers: cookie === "" ? forwarded : { ...forwarded, cookie },
  }));
  const list = path.join(dir, `${server.port}.json`);
  writeFileSync(
    list,
    JSON.stringify({ url: server.origin, connections: Number(CONNECTIONS), duration: seconds, requests }),
  );
  const [command, ...rest] = onLoadCore([process.execPath, path.join(BENCH, "autocannon.cjs"), list]);
  const { stdout } = await run(command, rest);
  const result = JSON.parse(stdout) as { requests: number; seconds: number; failed: number };
  if (result.failed > 0) throw new Error(`${server.name} ${page}: ${result.failed} requests failed`);
  return { requests: result.requests, micros: result.seconds * 1e6 };
}
