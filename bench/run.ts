import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { main } from "../cli/machine/command";
import { installPackages } from "../cli/machine/install-packages";
import { buildLayer } from "./build-layer";
import { describeMachine, installedVersions } from "./machine";
import { measureBytes } from "./measures/bytes";
import { measureBundle, measureSynth, measureTests } from "./measures/commands";
import { measureLatency } from "./measures/latency";
import { measureLostUpdates } from "./measures/lost-updates";
import { measureMemory } from "./measures/memory";
import { tellPromises } from "./measures/promises";
import { measureRedisCore } from "./measures/redis-core";
import { measureRedisCost } from "./measures/redis-cost";
import { measureStart } from "./measures/start";
import { measureThroughput } from "./measures/throughput";
import { report } from "./report";
import type { Results } from "./results";
import { BENCH, pinThisProgram, ROOT, startRedis } from "./served";

/** How long each part takes. */
const LENGTHS = {
  quick: { rounds: 5, seconds: 1, latency: 1, starts: 3, memory: undefined },
  usual: { rounds: 9, seconds: 2, latency: 2, starts: 9, memory: { requests: 100_000, sessions: 10_000 } },
  long: { rounds: 15, seconds: 2, latency: 3, starts: 9, memory: { requests: 1_000_000, sessions: 100_000 } },
};

async function measure(length: (typeof LENGTHS)[keyof typeof LENGTHS]): Promise<Results> {
  const { rounds, seconds, latency, starts, memory } = length;
  const about = {
    at: new Date().toISOString().slice(0, 16),
    machine: during("how steady the machine is", describeMachine),
    versions: installedVersions(),
  };
  const synth = memory && during("synth", () => measureSynth(3));
  pinThisProgram();
  const redis = await startRedis();
  try {
    const { port } = redis;
    const rates = await measureThroughput(port, { rounds, seconds }, say);
    const keys = ["koa", "koaJson", "layer", "app"] as const;
    const half = await measureLatency(port, keys, (key) => rates[key].perSecond, { rounds: 7, seconds: latency }, say);
    say("round trips, lost updates, bytes, starts");
    const counted = {
      redis: await measureRedisCost(port),
      core: await measureRedisCore(say),
      lost: await measureLostUpdates(port),
      bytes: await measureBytes(port),
      start: await measureStart(port, ["node", "koa", "layer", "app"], starts),
      bundle: measureBundle(),
    };
    const runs = memory && {
      layer: await measureMemory(port, "layer", memory, say),
      app: await measureMemory(port, "app", { ...memory, sessions: 0 }, say),
    };
    const testSeconds = memory && during("npm test", measureTestsIfGreen);
    return {
      ...about,
      ...counted,
      rates,
      latency: half,
      memory: runs ?? {},
      ...(synth && { synth }),
      ...(testSeconds !== undefined && { testSeconds }),
    };
  } finally {
    await redis.stop();
  }
}

/** A failed test leaves out one row of the report and keeps the others. */
function measureTestsIfGreen(): number | undefined {
  try {
    return measureTests();
  } catch (error) {
    say(`npm test failed, so the report has no time for it: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
}

function during<T>(what: string, run: () => T): T {
  say(what);
  return run();
}

function say(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

async function showPromises(): Promise<void> {
  const redis = await startRedis();
  process.stdout.write(`${(await tellPromises(redis.port)).join("\n")}\n`);
  await redis.stop();
}

async function show(length: (typeof LENGTHS)[keyof typeof LENGTHS], write = false): Promise<void> {
  const results = await measure(length);
  const text = report(results);
  process.stdout.write(`${text}\n`);
  if (!write) return;
  const intro = readFileSync(path.join(BENCH, "how-to-read.md"), "utf8");
  writeFileSync(path.join(ROOT, "docs/benchmarks.md"), `${intro}\n${text}\n`);
  writeFileSync(path.join(ROOT, "docs/benchmarks.json"), `${JSON.stringify(results, undefined, 2)}\n`);
}

void main({
  name: "bench",
  says: "Measures the session layer and the app beside their peers, as ratios.",
  options: {
    quick: { says: "two minutes: short rounds, no long run, no synth, no tests" },
    long: { says: "one million requests and 100,000 sessions where memory is watched" },
    promises: { says: "in a minute: which promises of the session layer the peers break, and nothing else" },
    write: { says: "docs/benchmarks.md and docs/benchmarks.json" },
  },
  async run(_operands, { quick, long, promises, write }) {
    installPackages(BENCH);
    execFileSync("npm", ["run", "--silent", "build"], { cwd: ROOT, stdio: "inherit" });
    await buildLayer();
    if (promises) await showPromises();
    else await show(quick ? LENGTHS.quick : long ? LENGTHS.long : LENGTHS.usual, write);
  },
}).finally(() => process.exit());
