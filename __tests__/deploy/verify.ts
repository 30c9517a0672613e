import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { main } from "../../cli/machine/command";
import { INSTALL, type Program, run } from "../../cli/machine/programs";
import { ROOT } from "../../cli/machine/root";
import { UserError } from "../../environment";
import { verifyInAccount } from "./account/verify-in-account";
import { motoVersion } from "./aws-double/start";
import { cycle } from "./cycle";
import { isRecorded, unneeded } from "./deployer/ask";
import { type GoneThrough, type Report, writeReport } from "./report";
import { type Selection, selectVariants } from "./selection";
import { Semaphore } from "./semaphore";
import { VARIANTS, type Variant } from "./variants";

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

/** Reads the versions of the programs that verify runs. @throws {UserError} that names each missing one and how to install it. */
async function machine(): Promise<Record<string, string | number>> {
  const missing: string[] = [];
  const ask = async (look: () => string | Promise<string>) => {
    try {
      return await look();
    } catch (error) {
      missing.push((error as Error).message);
      return "";
    }
  };
  const terraform = await ask(() => readVersion("terraform", "version", "-json"));
  const aws = await ask(() => readVersion("aws", "--version"));
  const moto = await ask(motoVersion);
  if (missing.length > 0) throw new UserError(missing.join("\n"));
  return { cores: os.availableParallelism(), terraform, aws, moto, node: process.versions.node };
}

async function readVersion(program: Program, ...args: string[]): Promise<string> {
  const { code, stdout } = await run(program, args);
  if (code !== 0) throw new UserError(`${program}: does not run; to install it: ${INSTALL[program]}`);
  return /\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? "?";
}

/** The obstacles of a second deploy are the same for all variants of a stack, except for names, so one variant shows them. */
function isFirst(variant: Variant): boolean {
  return VARIANTS.find(({ stack }) => stack === variant.stack) === variant;
}

async function sideBySide(
  variants: readonly Variant[],
  { work, atOnce, twice }: { readonly work: string; readonly atOnce: number; readonly twice: boolean },
): Promise<GoneThrough[]> {
  const semaphore = new Semaphore(atOnce);
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
  return Promise.all(longestFirst(variants).map((variant) => semaphore.run(() => goThrough(variant))));
}

/** Longest first, so that the last one does not run alone for long. */
function longestFirst(variants: readonly Variant[]): Variant[] {
  const length = (variant: Variant) =>
    (isFirst(variant) ? 2 : 1) * DEPLOYED_AND_DESTROYED +
    (variant.used ? USED : 0) +
    (variant.edits?.length ?? 0) +
    APPLIED * (variant.appliedEdits?.length ?? 0);
  return [...variants].sort((a, b) => length(b) - length(a));
}

/**
 * Tests of many minutes, for `--all`: deploys by each Node.js and CLI, the way into shards, the walk through an account, the package
 * under each package manager, and the planted faults of docs/security.md.
 */
const LONG_TESTS = [
  "deploy/deploy\\.test",
  "deploy/deployed\\.test",
  "deploy/orphans\\.test",
  "deploy/full-disk\\.test",
  "deploy/bad-image\\.test",
  "deploy/serverless\\.test",
  "deploy/engines\\.test",
  "deploy/foreign-programs\\.test",
  "deploy/into-shards\\.test",
  "account/walk\\.test",
  "package/managers\\.test",
  "package/session-peers\\.test",
  "package/cdktn",
  "package/session-store",
  "security/planted",
  "adoption/rolling",
  "size/million",
];

/** The refusals of the double, each seen to fail, and the tests of this harness, of the package and of its API. */
async function runTests(
  work: string,
  all: boolean,
): Promise<{ tests: NonNullable<Report["tests"]>; skipped: string[] }> {
  const file = path.join(work, "tests.json");
  const jest = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
  const left = all ? [] : ["--testPathIgnorePatterns", ...LONG_TESTS];
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
  const { code, stderr } = await run(process.execPath, args, { cwd: ROOT });
  // A list by the reporter of repeated tests, which a green run would hide.
  const [ranTwice = ""] = /^ran twice:\n(?: {2}.+\n)+/m.exec(stderr) ?? [];
  say(code === 0 ? `tests passed\n${ranTwice}`.trimEnd() : `tests failed\n${stderr}`);
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

/** @returns whether all of it passed. */
async function verify({ variants, narrowed, twice }: Selection, all: boolean): Promise<boolean> {
  const facts = await machine();
  const work = mkdtempSync(path.join(os.tmpdir(), "verify-"));
  const fitting = Math.min(os.availableParallelism() * AT_ONCE_A_CORE, Math.floor(os.totalmem() / BYTES_OF_ONE));
  const atOnce = Math.max(1, Number(process.env.VERIFY_AT_ONCE ?? fitting));
  say(`${variants.length} variants, ${atOnce} at once; logs in ${work}`);
  const [outcomes, tested] = await Promise.all([
    sideBySide(variants, { work, atOnce, twice }),
    narrowed ? undefined : runTests(work, all),
  ]);
  const left = VARIANTS.filter((variant) => !variants.includes(variant));
  const tests = tested?.tests;
  const unused = outcomes.flatMap(({ stack, variant, used }) =>
    used?.skipped === undefined ? [] : [{ what: `${stack} ${variant} used as deployed`, why: used.skipped }],
  );
  const skipped = [
    ...left.map(({ stack, name }) => ({ what: `${stack} ${name}`, why: "not asked for; --all goes through all" })),
    ...(all ? [] : LONG_TESTS.map((test) => ({ what: test.replaceAll("\\", ""), why: "runs with --all" }))),
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
  // A variant that failed half-way has not used all of its permissions.
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
  return passed;
}

void main({
  name: "verify",
  says:
    "Deploys and destroys a core of the stacks' variants on a strict local AWS, and runs the tests of that AWS. Writes a\n" +
    "report into cdktf.out/verify.",
  finds: "when something failed",
  operands: { usage: "[stack...]", says: "the variants of these stacks, without the tests" },
  options: {
    all: { says: "every variant and every test" },
    variant: { value: "<name>", says: "variants of this name, without the tests, each deployed twice", isList: true },
    twice: { says: "deploy and destroy each twice; the first of each stack always is" },
    aws: { value: "<stack>", says: "a variant of this stack in an AWS account, after the local one" },
    account: { value: "<number>", says: "the account of --aws, 12 digits" },
  },
  async run(stacks, { all = false, variant: names = [], twice, aws, account }) {
    const passed =
      aws === undefined
        ? await verify(selectVariants({ stacks, names, all, twice }), all)
        : await verifyInAccount({ stack: aws, account, name: names[0] });
    return passed ? 0 : 1;
  },
});
