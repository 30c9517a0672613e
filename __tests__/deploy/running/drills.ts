import { until } from "../../harness/poll";
import { lasting, moreVisits } from "../../programs/ride";
import { Visitor } from "../../programs/visitor";
import { StepFailed } from "../terraform";
import type { RedisNode, RunningRedis } from "./redis";
import type { Running } from "./start";
import { localUrl, type Strike } from "./under-load";

/** How long ElastiCache may take to notice and promote, shortened. Milliseconds. */
const NOTICED_MS = 1000;
/** Requests by which a drill is felt. */
const ENOUGH = 50;
/** Drills by their rows of docs/upgrades.md. A drill that kills a node leaves no standby: it is the last of its variant. */
export const DRILLS = {
  "the primary killed": primaryKilled,
  "a zone gone": zoneGone,
  "a node too full": nodeTooFull,
  "the NAT lost": lostNat,
};
export type Drill = keyof typeof DRILLS;

/** The cache, and a node that stands by in another zone. */
function standBy({ redis }: Running): { cache: RunningRedis; primary: RedisNode; replica: RedisNode } {
  const [cache] = redis as [RunningRedis];
  const primary = cache.primary();
  const replica = cache.nodes.find((node) => node !== primary && node.zone !== primary.zone);
  if (replica === undefined) throw new StepFailed(`${cache.id}: no node stands by in another zone`);
  return { cache, primary, replica };
}

/** Waits until the replica has all writes. A failover loses the writes that a replica lacks (docs/upgrades.md). */
async function inStep({ admin }: RedisNode): Promise<void> {
  await admin.set("last word", "1");
  await until(async () => (await admin.wait(1, 1000)) === 1, "the replica to hear the last word");
}

function primaryKilled(running: Running): Strike {
  const { cache, primary, replica } = standBy(running);
  return {
    async strike() {
      await inStep(primary);
      await primary.server.stop();
    },
    during: () => lasting(NOTICED_MS),
    heal: () => cache.promote(replica),
  };
}

function zoneGone(running: Running): Strike {
  const { cache, primary, replica } = standBy(running);
  const { zone } = primary;
  const there = running.servers().filter((server) => server.zone === zone);
  if (there.length === 0 || there.length === running.servers().length) {
    throw new StepFailed(`${zone}: ${there.length} of ${running.servers().length} servers are there`);
  }
  return {
    async strike() {
      await inStep(primary);
      const nodes = cache.nodes.filter((node) => node.zone === zone);
      await Promise.all([...there.map((server) => running.kill(server)), ...nodes.map(({ server }) => server.stop())]);
    },
    during: () => lasting(NOTICED_MS),
    heal: () => cache.promote(replica),
  };
}

/** More sessions than have to be evicted, so that no visitor of the drill loses one. */
const [IDLE, MORE] = [400, 100];
const SESSION_BYTES = 2000;

async function nodeTooFull({ redis: [cache] }: Running): Promise<Strike> {
  const { admin } = (cache as RunningRedis).primary();
  const fill = async (name: string, sessions: number) => {
    const keys = Array.from({ length: sessions }, (_, n) => `session:s:${name}-${n}`);
    for (const key of keys) {
      await admin.hset(key, "filler", "x".repeat(SESSION_BYTES));
      await admin.expire(key, 1800);
    }
  };
  await fill("idle", IDLE);
  return {
    async strike(load) {
      // It chooses among so many: of the few there are, all.
      await admin.config("SET", "maxmemory-samples", "64");
      // Redis counts by the second which was used last.
      await lasting(2000);
      const used = Number(/used_memory:(\d+)/.exec(await admin.info("memory"))?.[1]);
      await admin.config("SET", "maxmemory", String(used + MORE * 1000));
      await fill("more", MORE);
      await moreVisits(load, ENOUGH);
      const [, evicted] = /evicted_keys:(\d+)/.exec(await admin.info("stats")) ?? [];
      if (Number(evicted) === 0) throw new StepFailed("a node too full: nothing had to go");
    },
    heal: async () => void (await admin.config("SET", "maxmemory", "0")),
  };
}

function lostNat(running: Running): Strike {
  const [server] = running.servers();
  return {
    strike: () => running.setNatLost(true),
    async during(load) {
      await Promise.all([forgedFormIsRefused(running), nothingStarts(running, server as NonNullable<typeof server>)]);
      await moreVisits(load, ENOUGH);
    },
    heal: () => running.setNatLost(false),
  };
}

/** A process that meets a signature it does not know asks for the keys, and gives up on them. */
async function forgedFormIsRefused(running: Running): Promise<void> {
  const forger = new Visitor(localUrl(running));
  await forger.get("/1");
  const { status } = await forger.post("/1", { token: `${Date.now().toString(36)}.made-up` });
  if (status !== 403) throw new StepFailed(`the NAT lost: a forged form got ${status}, takes 403`);
}

/** Expects that a started server ends and says why. */
async function nothingStarts(running: Running, server: ReturnType<Running["servers"]>[number]): Promise<void> {
  const how = await running.replace(server).then(
    () => "it started",
    (error) => String(error),
  );
  if (!/secret arn:aws:secretsmanager/.test(how)) throw new StepFailed(`the NAT lost: another server, and ${how}`);
}
