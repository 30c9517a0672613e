import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { median } from "../median";
import { APP_BUNDLE, ROOT } from "../served";

/** Size of the app's bundle, plain and compressed. Bytes. */
export interface Bundle {
  readonly bytes: number;
  readonly gzip: number;
}

/** Measures the app's bundle as it was built. */
export function measureBundle(): Bundle {
  return { bytes: statSync(APP_BUNDLE).size, gzip: gzipSync(readFileSync(APP_BUNDLE)).length };
}

/** Durations of a synthesis and of the imports that it cannot avoid. */
export interface Synth {
  /** `npm run synth`, which builds the app too. Milliseconds, as are the others. */
  readonly synth: number;
  /** Loading cdktf and the provider classes the modules use, and nothing else. */
  readonly bareImport: number;
}

/** In turn, medians; these use all cores, like the people who run them. */
export function measureSynth(rounds: number): Synth {
  const imports = ["cdktf", ...providerClasses()].map((name) => `require(${JSON.stringify(name)});`).join("");
  const synth: number[] = [];
  const bareImport: number[] = [];
  for (let round = 0; round < rounds; round++) {
    synth.push(timed(() => onAllCores(["npm", "run", "--silent", "synth"])));
    bareImport.push(timed(() => onAllCores([process.execPath, "-e", imports])));
  }
  return { synth: median(synth), bareImport: median(bareImport) };
}

/** `npm test`, seconds. @throws with its output if a test fails. */
export function measureTests(): number {
  return timed(() => onAllCores(["npm", "test", "--silent"])) / 1000;
}

/** Every `@cdktf/provider-aws/lib/...` that a module imports. */
function providerClasses(): string[] {
  const modules = path.join(ROOT, "modules");
  const files = readdirSync(modules, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  const text = files.map((file) => readFileSync(path.join(modules, file), "utf8")).join("\n");
  return [...new Set([...text.matchAll(/"(@cdktf\/provider-aws\/lib\/[^"]+)"/g)].map(([, name]) => name as string))];
}

function onAllCores(command: readonly [string, ...string[]]): void {
  const [program, ...args] = command;
  const isPinned = spawnSync("taskset", ["--version"]).status === 0;
  const all: readonly [string, ...string[]] = isPinned ? ["taskset", "0xffffffff", ...command] : [program, ...args];
  execFileSync(all[0], all.slice(1), { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"], maxBuffer: 100_000_000 });
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
