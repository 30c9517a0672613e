import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import pino from "pino";
import { type RedisConnection, readEnvironment } from "../../../environment";
import { createApp } from "../../../webapp/app";
import { inspect as inspectCommand } from "../../../webapp/cli/inspect";
import { LoginThrottle } from "../../../webapp/login/throttle";
import { openRedis } from "../../../webapp/redis/open";
import { KeyRing } from "../../../webapp/secrets/key-ring";
import { RedisStore } from "../../../webapp/session";
import type { Finished } from "../../programs/command";
import { startRestrictedRedis } from "../../programs/restricted-redis";
import { listen, Visitor } from "../../programs/visitor";

/** The app on a Redis with no right beyond the app's, and the command that looks into it. */
export type InspectedApp = Awaited<ReturnType<typeof startInspectedApp>>;

export async function startInspectedApp() {
  const restricted = await startRestrictedRedis();
  const environment = readEnvironment({ REDIS_URL: restricted.url });
  const redis = await openRedis(environment.redis as RedisConnection);
  const store = new RedisStore(redis, environment.session);
  const keys = await KeyRing.open({ kind: "keys", keys: ["k".repeat(32)] });
  const throttle = new LoginThrottle(redis, "session:", environment.loginLimits);
  const app = await listen(createApp({ environment, store, keys, throttle, log: pino({ level: "silent" }) }));
  const inspect = (...args: string[]) => runInspect(restricted.url, args);
  return {
    restricted,
    redis,
    store,
    app,
    inspect,
    /** Runs the command with `--json`. */
    find: async (...args: string[]) => JSON.parse((await inspect(...args, "--json")).stdout),
    async logIn(name: string) {
      const visitor = new Visitor(app.url);
      await visitor.login(name);
      return visitor;
    },
    isLoggedIn: async (visitor: Visitor) => (await visitor.get("/")).body.includes("Logged in as"),
    async stop() {
      await app.stop();
      redis.disconnect();
      await restricted.stop();
    },
  };
}

/**
 * Runs the command in this process, with an environment and outputs of its own. A command of Redis that the access string
 * lacks is an error here.
 */
async function runInspect(url: string, args: string[]): Promise<Finished> {
  const [out, err] = [new PassThrough({ encoding: "utf8" }), new PassThrough({ encoding: "utf8" })];
  let [stdout, stderr] = ["", ""];
  out.on("data", (chunk: string) => (stdout += chunk));
  err.on("data", (chunk: string) => (stderr += chunk));
  jest.replaceProperty(process, "env", { REDIS_URL: url });
  jest.spyOn(process, "stdout", "get").mockReturnValue(out as never);
  jest.spyOn(process, "stderr", "get").mockReturnValue(err as never);
  try {
    await inspectCommand(args);
    const code = Number(process.exitCode ?? 0);
    await Promise.all([finished(out.end()), finished(err.end())]);
    return { code, stdout, stderr };
  } finally {
    process.exitCode = undefined;
    jest.restoreAllMocks();
  }
}
