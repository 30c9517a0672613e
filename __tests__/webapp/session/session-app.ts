import { Redis } from "ioredis";
import Koa from "koa";
import { z } from "zod";
import {
  batchWrites,
  createSessions,
  MemoryStore,
  RedisStore,
  type SessionEvent,
  type Sessions,
  type Store,
  type StoreLifetimes,
} from "../../../webapp/session";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { type Listening, listen, Visitor } from "../../programs/visitor";

const schema = z.object({
  visits: z.number().int().optional(),
  colour: z.string().max(5000).optional(),
  cart: z.array(z.string()).optional(),
  box: z.object({ size: z.number(), in: z.object({ deep: z.array(z.string()) }).optional() }).optional(),
});
export type Route = (ctx: Koa.Context, sessions: Sessions<typeof schema>) => unknown;
type Options = Partial<Parameters<typeof createSessions<typeof schema>>[1]>;

let listening: Listening[] = [];
afterEach(async () => {
  await Promise.all(listening.map((app) => app.stop()));
  listening = [];
});

/** Starts a Koa app that uses the layer: each path has one handler. */
export async function serve(routes: Record<string, Route>, store: Store, options: Options = {}) {
  const app = new Koa();
  const events: SessionEvent[] = [];
  const errors: Error[] = [];
  const emit = (event: SessionEvent) => events.push(event);
  const sessions = createSessions(app, { store, schema, cookie: { secure: false }, onEvent: emit, ...options });
  app.on("error", (error) => errors.push(error));
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    const route = routes[ctx.path];
    if (route !== undefined) ctx.body = (await route(ctx, sessions)) ?? "ok";
  });
  const server = await listen(app);
  listening.push(server);
  return { sessions, events, errors, url: server.url, visitor: () => new Visitor(server.url) };
}

export const LONG = { idleSeconds: 60, maxAgeSeconds: 600 };
export const asUser: Route = (ctx, sessions) => sessions.of(ctx).login(ctx.query.user as string);
export const who: Route = (ctx, sessions) => sessions.of(ctx).user ?? "nobody";
export const logout: Route = (ctx, sessions) => sessions.of(ctx).logout();
export const setRed: Route = (ctx, sessions) => {
  sessions.of(ctx).data.colour = "red";
};
export const data: Route = (ctx, sessions) => sessions.of(ctx).data;

/** Makes a store with these lifetimes. */
export type CreateStore = (lifetimes: StoreLifetimes) => Store;

/** Runs these tests on the store in memory, and on the one in Redis where there is a redis-server. */
export function onEachStore(tests: (name: string, createStore: CreateStore) => void): void {
  tests("memory", (lifetimes) => new MemoryStore(lifetimes));

  describeWith(["redis-server"], "with a real redis-server", () => {
    let server: RedisServer;
    let redis: Redis;
    beforeAll(async () => {
      server = await startRedis();
      redis = new Redis({ port: server.port });
      batchWrites(redis);
    });
    afterAll(async () => {
      redis.disconnect();
      await server.stop();
    });
    tests("Redis", (lifetimes) => new RedisStore(redis, { prefix: `t${Math.random()}:`, ...lifetimes }));
  });
}
