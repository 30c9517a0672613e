import { rideOut, type Steps } from "../../programs/ride";
import { findBound, type Noticed, noticed } from "../bounds";
import { Semaphore } from "../semaphore";
import { Stalls } from "./stalls";
import type { Running } from "./start";

/** Enough to meet each other at each server, on a machine that does much else meanwhile; as patient as an HTTP API. */
const LOAD = { visitors: 3, pauseMs: 100, forms: true, probes: ["/readyz"], giveUpMs: 30_000 };

/** One stack's visitors at a time: they count what others' work on this machine would do to them, too. */
const RIDES = new Semaphore(1);

/** A rotation or a drill that strikes a running stack. */
export type Strike = Pick<Steps, "strike" | "during" | "heal">;

/**
 * Strikes while visitors read pages and send forms.
 *
 * @param what - a row of docs/upgrades.md.
 * @returns what they noticed, held against that row.
 */
export async function underLoad(running: Running, what: string, steps: Strike): Promise<Noticed> {
  const bound = findBound(what);
  return RIDES.run(async () => {
    const stalls = new Stalls();
    try {
      const ride = await rideOut({
        url: localUrl(running),
        load: { ...LOAD, knownAs: running.url },
        sessions: () => listSessions(running),
        ...steps,
      });
      return noticed(bound, ride, (sample) => !stalls.cover(sample));
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    } finally {
      stalls.stop();
    }
  });
}

/** Where the stack's own address leads on this machine. */
export function localUrl({ url, hosts }: Running): string {
  const { protocol, hostname, port } = new URL(url);
  const standard = protocol === "https:" ? 443 : 80;
  return `${protocol}//127.0.0.1:${hosts.get(`${hostname}:${port || standard}`)}`;
}

/** Keys of all sessions there are. */
async function listSessions({ redis }: Running): Promise<string[]> {
  const keys = await Promise.all(redis.map((group) => group.primary().admin.keys("session:s:*")));
  return keys.flat();
}
