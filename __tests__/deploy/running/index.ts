import { until } from "../../harness/poll";
import { missing, type Program } from "../../programs/require";
import type { Deployed, Findings } from "../cycle";
import { type Opened, stopAll } from "../edits";
import { StepFailed } from "../terraform";
import { DRILLS } from "./drills";
import { visit } from "./fetch-page";
import { invokePhotoCache } from "./photo-cache";
import { rotation } from "./rotations";
import type { RunningServer } from "./server";
import { type Running, start } from "./start";
import { underLoad } from "./under-load";

/** How a stack was used. */
export interface Used {
  /** The actions of visitors. */
  readonly did: readonly string[];
  /** The differences from AWS. */
  readonly standIns: readonly string[];
  /** Why it was not used. */
  readonly skipped?: string;
}

const PROGRAMS: readonly Program[] = ["redis-server", "memcached", "chromium", "openssl", "unshare", "nsenter", "aws"];

/**
 * Starts what AWS would start of an applied stack, and goes through it as its visitors do; then rotates what is rotated,
 * and has fail what fails, while more of them come. As with tests, what failed is tried once more with REQUIRE_ALL=1,
 * from the stack as it was, and the report says why.
 *
 * @throws naming what did not start, what a visitor saw that is wrong, or what was refused on the way.
 */
export async function useAsDeployed(deployed: Deployed, findings: Findings): Promise<Used> {
  try {
    return await startAndUse(deployed, findings);
  } catch (error) {
    if (process.env.REQUIRE_ALL !== "1") throw error;
    process.stderr.write(`used as deployed, once more: ${(error as Error).message}\n`);
    if (deployed.variant.rotations !== undefined) await deployed.terraform.apply("apply-as-before");
    findings.noticed.splice(0);
    const used = await startAndUse(deployed, findings);
    return { ...used, did: [`once more, since ${(error as Error).message.split("\n")[0]}`, ...used.did] };
  }
}

async function startAndUse(deployed: Deployed, findings: Findings): Promise<Used> {
  const skipped = missing(PROGRAMS);
  if (skipped !== undefined) {
    if (process.env.REQUIRE_ALL === "1") throw new Error(skipped);
    return { did: [], standIns: [], skipped };
  }
  const running = await start(deployed);
  try {
    const did = await use(running, deployed).catch((error) => withOutput(error, running));
    const refusals = await running.refusals();
    if (refusals.length > 0) throw new Error(`refused on the way:\n${refusals.join("\n")}`);
    await change(running, deployed, findings).catch((error) => withOutput(error, running));
    return { did, standIns: running.standIns };
  } finally {
    await running.stop();
  }
}

async function use(running: Running, { aws }: Deployed): Promise<string[]> {
  // Healthy is about the process alone: on a busy machine its first link to Redis may come later.
  const isReady = async ({ port }: RunningServer) => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;
  await Promise.all(running.servers().map((server) => until(() => isReady(server), `${server.name} to be ready`)));
  return [...(await visit(running)), ...(await invokePhotoCache(running, aws))];
}

/** Rotates and drills, all of it. @throws {StepFailed} with all that visitors noticed and should not have. */
async function change(running: Running, deployed: Deployed, { plans, noticed }: Findings): Promise<void> {
  const { rotations = [], drills = [] } = deployed.variant;
  const opened: Opened = new Map();
  try {
    for (const one of rotations) {
      noticed.push(await underLoad(running, one.what, await rotation(running, deployed, one, plans, opened)));
    }
  } finally {
    await stopAll(opened);
  }
  for (const drill of drills) noticed.push(await underLoad(running, drill, await DRILLS[drill](running)));
  const broken = noticed.flatMap((one) => one.broken);
  if (broken.length > 0) throw new StepFailed(broken.join("\n"));
}

/** With what the servers said last, and what was refused: the visitor sees the least of it. */
async function withOutput(error: unknown, running: Running): Promise<never> {
  const refusals = await running.refusals();
  const said = [...running.servers(), ...running.functions].map(
    (one) => `${one.name}: ${one.output().split("\n").slice(-10).join("\n")}`,
  );
  throw new Error([error instanceof Error ? error.message : String(error), ...refusals, ...said].join("\n"));
}
