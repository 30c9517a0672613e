import type { Variant } from "../variants";
import { openAccount } from "./verify-in-account";
import { untilInterrupted, walkInAccount, writeAccountReport } from "./walk";

/**
 * small-walk.ts <synthesized stack> <work>: walks a stack through the account that the environment leads to, without a
 * question and without visitors. A program of its own, for a test to interrupt.
 */
const VARIANT: Variant = { stack: "small", name: "interrupted", settings: {} };

async function main([synthesized = "", work = ""]: readonly string[]): Promise<void> {
  const aws = openAccount();
  const use = async () => ({ did: [], standIns: [] });
  const report = await untilInterrupted({ output: process.stdout }, (signal, progress) => {
    return walkInAccount(VARIANT, { work, aws, signal, use, progress, synthesized });
  });
  await aws.stop();
  process.stdout.write(writeAccountReport(report, work));
  if (!report.passed) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
});
