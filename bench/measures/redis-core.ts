import { execFileSync } from "node:child_process";
import { Redis } from "ioredis";
import { median } from "../median";
import { CONTENDERS, type Contender, type Key } from "../programs";
import { onLoadCore, type Redis as RedisServer, serve, startRedis } from "../served";
import { ask, visit } from "../visitors";

/** Visits a second that one core of Redis carries, with all commands that a visit sends. */
export interface CoreCapacity {
  readonly plain: number;
  readonly tls: number;
}

/** Commands in flight, as many servers that pipeline would send them. */
const IN_FLIGHT = 16;
const COMMANDS = 50_000;
const ROUNDS = 3;

/**
 * Measures how much of Redis' main thread a visit costs: records the commands of one visit as the server sends them, has
 * redis-benchmark repeat each, and adds up the CPU time that Redis reports. A primary runs all commands on this one thread,
 * so it limits how many servers can share a primary.
 *
 * @see https://redis.io/docs/latest/commands/info/ for `used_cpu_user_main_thread`.
 */
export async function measureRedisCore(
  say: (line: string) => void,
): Promise<Readonly<Partial<Record<Key, CoreCapacity>>>> {
  const capacities: Partial<Record<Key, CoreCapacity>> = {};
  const server = await startRedis({ core: "server", tls: true });
  try {
    for (const one of CONTENDERS) {
      if (!one.hasSession) continue;
      say(`visits that one core of Redis carries: ${one.name}`);
      capacities[one.key] = await measureContender(one, server);
    }
  } finally {
    await server.stop();
  }
  return capacities;
}

async function measureContender(one: Contender, server: RedisServer): Promise<CoreCapacity> {
  const redis = new Redis(server.port);
  try {
    await redis.flushall();
    const commands = await recordVisit(one, redis, server.port);
    const costs = { plain: [] as number[], tls: [] as number[] };
    for (let round = 0; round < ROUNDS; round++) {
      for (const link of ["plain", "tls"] as const) {
        let micros = 0;
        for (const command of commands) micros += await measureCommand(redis, server, command, link);
        costs[link].push(micros);
      }
    }
    return { plain: 1e6 / median(costs.plain), tls: 1e6 / median(costs.tls) };
  } finally {
    redis.disconnect();
  }
}

/** Records the commands that a server sends to Redis for one visit with a session. */
async function recordVisit(one: Contender, redis: Redis, port: number): Promise<string[][]> {
  const program = await serve(one, port);
  let monitor: Redis | undefined;
  const commands: string[][] = [];
  try {
    const [cookie = ""] = await visit(program, one.key, 1);
    await ask(program.origin, one.path, cookie);
    // Only now: ioredis fails where a command of a client that connects comes between MONITOR and its answer.
    monitor = await redis.monitor();
    monitor.on("monitor", (_time: string, args: string[], source: string) => {
      // Commands inside of a script are part of its cost.
      if (source !== "lua") commands.push(args);
    });
    await ask(program.origin, one.path, cookie);
    await flushed(monitor, redis);
    return commands.filter(([name = ""]) => name.toLowerCase() !== "echo");
  } finally {
    monitor?.disconnect();
    await program.stop();
  }
}

/** Waits until the monitor has seen a command that was sent after all others. */
async function flushed(monitor: Redis, redis: Redis): Promise<void> {
  const seen = new Promise<void>((resolve) => {
    monitor.on("monitor", (_time: string, [name = ""]: string[]) => {
      if (name.toLowerCase() === "echo") resolve();
    });
  });
  await redis.echo("all seen");
  await seen;
}

/** Microseconds of Redis' main thread for one command. */
async function measureCommand(
  redis: Redis,
  { port, tlsPort }: RedisServer,
  command: readonly string[],
  link: "plain" | "tls",
): Promise<number> {
  const where = link === "tls" ? ["--tls", "--insecure", "-p", String(tlsPort)] : ["-p", String(port)];
  const load = ["-c", "1", "-P", String(IN_FLIGHT), "-n", String(COMMANDS), "-q"];
  const [program, ...args] = onLoadCore(["redis-benchmark", ...where, ...load, ...command]);
  const before = await readCpu(redis);
  execFileSync(program, args, { stdio: "ignore" });
  return ((await readCpu(redis)) - before) / COMMANDS;
}

/** CPU time of the main thread so far. Microseconds. */
async function readCpu(redis: Redis): Promise<number> {
  const info = await redis.info("cpu");
  const seconds = [...info.matchAll(/used_cpu_(?:sys|user)_main_thread:([\d.]+)/g)].map(([, value]) => Number(value));
  if (seconds.length !== 2) throw new Error("redis-server: got no used_cpu_user_main_thread, takes Redis 6.2 or later");
  return seconds.reduce((sum, one) => sum + one) * 1e6;
}
