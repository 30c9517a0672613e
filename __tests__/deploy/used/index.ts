import { missing, type Program } from "../../programs/require";
import type { Deployed } from "../cycle";
import { invokePhotoCache } from "./photo-cache";
import { type Running, start } from "./start";
import { visit } from "./visit";

/** How a stack was used. */
export interface Used {
  /** What visitors did. */
  readonly did: readonly string[];
  /** What was not as on AWS. */
  readonly standIns: readonly string[];
  /** Why it was not used. */
  readonly skipped?: string;
}

const PROGRAMS: readonly Program[] = ["redis-server", "memcached", "chromium", "openssl", "unshare", "nsenter", "aws"];

/**
 * Starts what AWS would start of an applied stack, and goes through it as its visitors do.
 *
 * @throws naming what did not start, what a visitor saw that is wrong, or what was refused on the way.
 */
export async function useAsDeployed(deployed: Deployed): Promise<Used> {
  const skipped = missing(PROGRAMS);
  if (skipped !== undefined) {
    if (process.env.REQUIRE_ALL === "1") throw new Error(skipped);
    return { did: [], standIns: [], skipped };
  }
  const running = await start(deployed);
  try {
    const using = visit(running).then(async (did) => [...did, ...(await invokePhotoCache(running, deployed.aws))]);
    const did = await using.catch((error) => withOutput(error, running));
    const refusals = await running.refusals();
    if (refusals.length > 0) throw new Error(`refused on the way:\n${refusals.join("\n")}`);
    return { did, standIns: running.standIns };
  } finally {
    await running.stop();
  }
}

/** With what the servers said last, and what was refused: the visitor sees the least of it. */
async function withOutput(error: unknown, running: Running): Promise<never> {
  const refusals = await running.refusals();
  const said = [...running.servers(), ...running.functions].map(
    (one) => `${one.name}: ${one.output().split("\n").slice(-10).join("\n")}`,
  );
  throw new Error([error instanceof Error ? error.message : String(error), ...refusals, ...said].join("\n"));
}
