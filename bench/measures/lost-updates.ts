import { CONTENDERS, type Contender, type Key } from "../programs";
import { type Served, serve } from "../served";
import { ask, visit } from "../visitors";

/** Updates that a server lost when requests of one session ran at once. */
export interface LostUpdates {
  /** Trials in which one of two parallel writers of different fields was lost; the app has no such page. */
  readonly fields: number | undefined;
  /** The counter after so many parallel requests that each added one. */
  readonly counted: number;
}

/** Number of trials, and of parallel requests to the counter. */
export const TRIALS = 200;

/** Measures lost updates of each contender that has a session. */
export async function measureLostUpdates(redisPort: number): Promise<Readonly<Partial<Record<Key, LostUpdates>>>> {
  const lost: Partial<Record<Key, LostUpdates>> = {};
  for (const one of CONTENDERS) if (one.hasSession && one.path === "/") lost[one.key] = await lostBy(one, redisPort);
  return lost;
}

async function lostBy(one: Contender, redisPort: number): Promise<LostUpdates> {
  const server = await serve(one, redisPort);
  try {
    const [cookie = ""] = await visit(server, one.key, 1);
    return {
      fields: one.key === "app" ? undefined : await lostFields(server, cookie),
      counted: await countedInParallel(server, cookie),
    };
  } finally {
    await server.stop();
  }
}

/** How often one of two parallel writers of different fields was lost. */
export async function lostFields({ origin }: Served, cookie: string): Promise<number> {
  let lost = 0;
  for (let trial = 1; trial <= TRIALS; trial++) {
    await Promise.all(["a", "b"].map((name) => ask(origin, `/field?name=${name}&value=${trial}`, cookie)));
    const { a, b } = JSON.parse((await ask(origin, "/show", cookie)).body) as { a?: number; b?: number };
    if (a !== trial || b !== trial) lost++;
  }
  return lost;
}

/** How many of the parallel increments were counted. */
export async function countedInParallel({ origin }: Served, cookie: string): Promise<number> {
  const before = visits((await ask(origin, "/", cookie)).body);
  await Promise.all(Array.from({ length: TRIALS }, () => ask(origin, "/", cookie)));
  return visits((await ask(origin, "/", cookie)).body) - before - 1;
}

function visits(page: string): number {
  return Number(/Visits: (?:<strong>)?(\d+)/.exec(page)?.[1]);
}
