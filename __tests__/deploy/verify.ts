import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { verifyInAccount } from "./account/verify-in-account";
import { motoVersion } from "./aws-double/start";
import { cycle } from "./cycle";
import { isRecorded, unneeded } from "./deployer/ask";
import { type GoneThrough, type Report, writeReport } from "./report";
import { selectVariants } from "./selection";
import { Turns } from "./semaphore";
import { VARIANTS, type Variant } from "./variants";

/**
 * npm run verify [-- [--all] <stack>... [--variant <name>]... [--twice]]: a core of the variants, or every variant, deployed
 * and taken down on a strict local AWS, the first of each stack and those asked for by name twice, side by side, and the
 * tests of that AWS; one report in cdktf.out/verify.
 *
 * npm run verify -- --aws <stack> --account <number> [--variant <name>]: one of them in an account; see
 * account/verify-in-account.ts.
 */
const ROOT = path.join(__dirname, "..", "..");
const FOLDER = path.join(ROOT, "cdktf.out", "verify");
/** Most of a deploy is the provider's own waiting: a core carries several, where there is memory. VERIFY_AT_ONCE says otherwise. */
const AT_ONCE_A_CORE = 4;
/** Terraform, the provider and the double, each with what they know of AWS. */
const BYTES_OF_ONE = 2 ** 30;
/** How long it takes, in edits planned. */
const DEPLOYED_AND_DESTROYED = 15;
const USED = 4;
const APPLIED = 4;

const started = Date.now();
const elapsed = () => Math.round((Date.now() - started) / 1000);
const say = (line: string) => process.stdout.write(`[${String(elapsed()).padStart(4)} s] ${line}\n`);

/** Reads the versions of the programs that verify runs. @throws {Error} that names a missing program and how to install it. */
function machine(): Record<string, string | number> {
  const missing: string[] = [];
  const ask = (look: () => string) => {
    try {
      return look();
    } catch (error) {
      missing.push((error as Error).message);
      return "";
    }
  };
  const terraform = ask(() =>
    versionOf("terraform", ["version", "-json"], "see https://developer.hashicorp.com/terraform/install"),
  );
  const aws = ask(() => versionOf("aws", ["--version"], "python3 -m pip install awscli"));
  const moto = ask(motoVersion);
  if (missing.length > 0) throw new Error(missing.join("\n"));
  return { cores: os.availableParallelism(), terraform, aws, moto, node: process.versions.node };
}

function versionOf(program: string, args: string[], install: string): string {
  try {
    const said = execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return /\d+\.\d+\.\d+/.exec(said)?.[0] ?? "?";
  } catch {
    throw new Error(`${program}: not on PATH. Install it: ${install}`);
  }
}

/** What comes in the way of a second deploy is the same for all variants of a stack, but for names: one of them shows it. */
function isFirst(variant: Variant): boolean {
  return VARIANTS.find(({ stack }) => stack === variant.stack) === variant;
}

async function sideBySide(
  variants: readonly Variant[],
  { work, atOnce, twice }: { readonly work: string; readonly atOnce: number; readonly twice: boolean },
): Promise<GoneThrough[]> {
  const turns = new Turns(atOnce);
  const goThrough = async (variant: Variant): Promise<GoneThrough> => {
    const id = `${variant.stack} ${variant.name}`;
    const began = elapsed();
    const outcome = await cycle(variant, {
      work: path.join(work, id.replace(" ", "-")),
      twice: twice || isFirst(variant),
      progress: (line) => say(`${id}: ${line}`),
    });
    return { ...outcome, began, ended: elapsed() };
  };
  return Promise.all(longestFirst(variants).map((variant) => turns.take(() => goThrough(variant))));
}

/** What begins last would otherwise go on alone. */
function longestFirst(variants: readonly Variant[]): Variant[] {
  const length = (variant: Variant) =>
    (isFirst(variant) ? 2 : 1) * DEPLOYED_AND_DESTROYED +
    (variant.used ? USED : 0) +
    (variant.edits?.length ?? 0) +
    APPLIED * (variant.appliedEdits?.length ?? 0);
  return [...variants].sort((a, b) => length(b) - length(a));
}

/**
 * Tests of many minutes, for `--all`: deploys by each Node.js and CLI, the walk through an account, and the package under each
 * package manager.
 */
const LONG_TESTS = [
  "deploy/deploy\\.test",
  "deploy/deployed\\.test",
  "account/walk\\.test",
  "package/managers\\.test",
  "package/cdktn\\.test",
];

/** The refusals of the double, each seen to fail, and the tests of this harness, of the package and of its API. */
async function runTests(work: string): Promise<{ tests: NonNullable<Report["tests"]>; skipped: string[] }> {
  const file = path.join(work, "tests.json");
  const jest = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
  const left = process.argv.includes("--all") ? [] : ["--testPathIgnorePatterns", ...LONG_TESTS];
  const args = [
    jest,
    "--selectProjects",
    "deploy",
    "package",
    "--maxWorkers=1",
    "--json",
    `--outputFile=${file}`,
    ...left,
  ];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  if (code !== 0) say(`tests failed\n${said}`);
  else say("tests passed");
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites, testResults } = JSON.parse(
    readFileSync(file, "utf8"),
  );
  const tests: { status: string; fullName: string }[] = testResults.flatMap(
    ({ assertionResults }: { assertionResults: [] }) => assertionResults,
  );
  return {
    tests: {
      passed: numPassedTests,
      failed: numFailedTests + (numFailedTests === 0 ? numFailedTestSuites : 0),
      skipped: numPendingTests,
      seconds: elapsed(),
    },
    skipped: tests.filter(({ status }) => status === "pending").map(({ fullName }) => fullName),
  };
}

async function main(): Promise<void> {
  if (process.argv.includes("--aws")) {
    if (!(await verifyInAccount(process.argv.slice(2)))) process.exitCode = 1;
    return;
  }
  const { variants, narrowed, twice } = selectVariants(process.argv.slice(2));
  const facts = machine();
  const work = mkdtempSync(path.join(os.tmpdir(), "verify-"));
  const fitting = Math.min(os.availableParallelism() * AT_ONCE_A_CORE, Math.floor(os.totalmem() / BYTES_OF_ONE));
  const atOnce = Math.max(1, Number(process.env.VERIFY_AT_ONCE ?? fitting));
  say(`${variants.length} variants, ${atOnce} at once; logs in ${work}`);
  const [outcomes, tested] = await Promise.all([
    sideBySide(variants, { work, atOnce, twice }),
    narrowed ? undefined : runTests(work),
  ]);
  const left = VARIANTS.filter((variant) => !variants.includes(variant));
  const tests = tested?.tests;
  const unused = outcomes.flatMap(({ stack, variant, used }) =>
    used?.skipped === undefined ? [] : [{ what: `${stack} ${variant} used as deployed`, why: used.skipped }],
  );
  const skipped = [
    ...left.map(({ stack, name }) => ({ what: `${stack} ${name}`, why: "not asked for; --all goes through all" })),
    ...(process.argv.includes("--all")
      ? []
      : LONG_TESTS.map((test) => ({ what: test.replaceAll("\\", ""), why: "runs with --all" }))),
    ...unused,
    ...variants
      .filter((variant) => !isRecorded(variant))
      .map(({ stack, name }) => ({
        what: `${stack} ${name} by the deployer's policy`,
        why: "not recorded: npm run deployer",
      })),
    ...(tested?.skipped ?? []).map((what) => ({ what, why: "see its name" })),
  ];
  const whole = outcomes.every(({ failure }) => failure === undefined);
  // What failed half-way has not asked for all it needs.
  const excess = whole ? unneeded(variants) : [];
  const passed = whole && excess.length === 0 && (tests?.failed ?? 0) === 0;
  const report: Report = {
    passed,
    seconds: elapsed(),
    machine: { ...facts, "at once": atOnce },
    variants: outcomes,
    ...(tests && { tests }),
    excess,
    skipped,
  };
  process.stdout.write(`\n${writeReport(report, FOLDER)}\n${path.relative(ROOT, FOLDER)}/report.md, report.json\n`);
  if (passed) rmSync(work, { recursive: true, force: true });
  else process.exitCode = 1;
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
