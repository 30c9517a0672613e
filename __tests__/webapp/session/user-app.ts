import type { Redis } from "ioredis";
import Koa from "koa";
import { z } from "zod";
import { createSessions, RedisStore } from "../../../webapp/session";
import { fastClient } from "../../programs/fast-client";
import { listen, Visitor } from "../../programs/visitor";

const schema = z.object({ colour: z.string().optional() });

export interface Lifetimes {
  readonly idleSeconds: number;
  readonly maxAgeSeconds: number;
}

/** An app with a page for each change of a user's sessions, which it stores in this Redis. */
export async function serveUsers(redis: Redis, lifetimes: Lifetimes, limit = 10) {
  const koa = new Koa();
  const store = new RedisStore(redis, { prefix: "session:", ...lifetimes });
  const sessions = createSessions(koa, { store, schema, cookie: { secure: false }, limit });
  koa.use(sessions.middleware);
  koa.use(async (ctx) => {
    const session = sessions.of(ctx);
    const { user = "" } = ctx.query as { user?: string };
    if (ctx.path === "/login") await session.login(user);
    if (ctx.path === "/logout") session.logout();
    if (ctx.path === "/renew") await session.renew();
    if (ctx.path === "/colour") session.data.colour = "red";
    if (ctx.path === "/end-others") await session.endOthers();
    ctx.body = session.user ?? "nobody";
  });
  const app = await listen(koa);
  const { url } = app;
  return { app, store, sessions, url, visitor: () => new Visitor(url) };
}

/** Answers with the cookie; an answer of 400 or more fails the test. */
export function cookieClient(url: string): (path: string, cookie?: string) => Promise<string> {
  const request = fastClient(url);
  return async (path, sent) => {
    const { status, cookie } = await request(path, sent);
    if (status >= 400) throw new Error(`${path}: ${status}`);
    return cookie;
  };
}
