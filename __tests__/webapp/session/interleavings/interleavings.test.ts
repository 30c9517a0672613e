import fc from "fast-check";
import { MemoryStore, RedisStore } from "../../../../webapp/session";
import {
  CREATE,
  ENLIST,
  INCREMENT,
  STANDING,
  TAKE,
  TAKE_FOR_LOGIN,
  UPDATE,
} from "../../../../webapp/session/redis-scripts";
import { type RedisServer, startRedis } from "../../../programs/redis-server";
import { describeWith } from "../../../programs/require";
import { processes, REMEMBERED, runProcesses, type Shared } from "./requests";
import { type PlantedFault, ScheduledRedis } from "./scheduled-redis";
import { scheduleStore } from "./scheduled-store";

/** Orders that each property tries: 150, or INTERLEAVINGS. */
const RUNS = Number(process.env.INTERLEAVINGS ?? 150);
const LIFETIMES = { idleSeconds: 60, maxAgeSeconds: 600, longest: REMEMBERED };
/** The most orders that a property tries to find a planted fault. */
const RUNS_TO_FIND = 3000;
const LONG_MS = 600_000;

const parameters = { numRuns: RUNS, endOnFailure: false } as const;

describe("requests of several processes in any order, in memory", () => {
  it(
    "are answered as the model says",
    async () => {
      await fc.assert(
        fc.asyncProperty(processes(false), fc.scheduler(), async (all, scheduler) => {
          const store = scheduleStore(new MemoryStore(LIFETIMES), scheduler);
          const none = async (): Promise<void> => {};
          const shared: Shared = { createStore: () => store, copy: none, failover: none };
          expect(await scheduler.waitFor(runProcesses(all, shared))).toEqual([]);
        }),
        parameters,
      );
    },
    LONG_MS,
  );
});

describeWith(["redis-server"], "requests of several processes in any order, with a real redis-server", () => {
  let server: RedisServer;
  let admin: ScheduledRedis;
  let serial = 0;
  beforeAll(async () => {
    server = await startRedis();
    admin = await connect();
  });
  afterAll(async () => {
    admin.disconnect();
    await server.stop();
  });

  /** Connects a client before a scheduler holds up its commands: ioredis itself sends again the commands that waited for the connection. */
  async function connect(fault?: PlantedFault): Promise<ScheduledRedis> {
    const redis = new ScheduledRedis(server.port, fault);
    await redis.ping();
    return redis;
  }

  /** The property; it holds for the scripts as they are. */
  function property(redis: ScheduledRedis, isLossy: boolean) {
    return fc.asyncProperty(processes(isLossy), fc.scheduler(), async (all, scheduler) => {
      const prefix = `i${++serial}:`;
      redis.scheduler = scheduler;
      try {
        const shared = share(redis, prefix);
        const wrong = await scheduler.waitFor(runProcesses(all, shared));
        redis.scheduler = undefined;
        for (const key of await admin.keys(`${prefix}*`)) {
          if ((await admin.pttl(key)) < 0) wrong.push(`${key} never expires`);
          await admin.del(key);
        }
        expect(wrong).toEqual([]);
      } finally {
        redis.scheduler = undefined;
      }
    });
  }

  function share(redis: ScheduledRedis, prefix: string): Shared {
    let copied: { key: string; dump: Buffer; ttl: number }[] = [];
    return {
      createStore: () => new RedisStore(redis, { prefix, ...LIFETIMES }),
      async copy() {
        // One step, as a replica's copy is: a session that ends in between would be copied in part.
        const script = "return {redis.call('DUMP', KEYS[1]), redis.call('PTTL', KEYS[1])}";
        const keys = await admin.keys(`${prefix}*`);
        const dumps = await Promise.all(keys.map((key) => admin.callBuffer("EVAL", script, 1, key)));
        copied = keys.flatMap((key, i) => {
          const [dump, ttl] = dumps[i] as [Buffer | null, number];
          return dump === null ? [] : [{ key, dump, ttl: Number(ttl) }];
        });
      },
      async failover() {
        for (const key of await admin.keys(`${prefix}*`)) await admin.del(key);
        for (const { key, dump, ttl } of copied) await admin.restore(key, ttl, dump, "REPLACE");
      },
    };
  }

  it.each([
    ["are answered as the model says", false],
    ["mix up no users when Redis loses its last writes", true],
  ])(
    "%s",
    async (_, isLossy) => {
      const redis = await connect();
      try {
        await fc.assert(property(redis, isLossy), parameters);
      } finally {
        redis.disconnect();
      }
    },
    LONG_MS,
  );

  const guard = "if redis.call('HMGET', KEYS[1], 'createdAt')[1] ~= ARGV[1] then return false end";
  // A seed with which the search for a rare fault is short.
  const FAULTS: readonly (PlantedFault & { readonly name: string; readonly seed?: number })[] = [
    { name: "UPDATE", script: UPDATE, from: guard, to: "", seed: -1571046261 },
    { name: "INCREMENT", script: INCREMENT, from: guard, to: "", seed: -1541463535 },
    { name: "CREATE", script: CREATE, from: "redis.call('PEXPIRE'", to: "redis.call('HMGET'" },
    { name: "TAKE", script: TAKE, from: "redis.call('DEL', KEYS[1])", to: "" },
    {
      name: "TAKE_FOR_LOGIN",
      script: TAKE_FOR_LOGIN,
      from: "redis.call('HDEL', KEYS[1], 'createdAt', 'lastSeenAt', 'idleSeconds')",
      to: "",
    },
    { name: "ENLIST", script: ENLIST, from: "redis.call('PEXPIRE'", to: "redis.call('ZADD'" },
    {
      name: "STANDING",
      script: STANDING,
      from: "redis.call('ZSCORE', KEYS[1], ARGV[1]) and 1 or 0",
      to: "1",
      seed: 1189367701,
    },
    { name: "STANDING", script: STANDING, from: "math.max(0, count - limit)", to: "0" },
  ];
  it.each(FAULTS)(
    "are seen to go wrong without $from in $name",
    async (fault) => {
      const redis = await connect(fault);
      try {
        const seed = fault.seed ?? Date.now();
        const { failed } = await fc.check(property(redis, false), { seed, numRuns: RUNS_TO_FIND, endOnFailure: true });
        expect(failed).toBe(true);
      } finally {
        redis.disconnect();
      }
    },
    LONG_MS,
  );
});
