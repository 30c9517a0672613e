import { Redis } from "ioredis";
import Koa from "koa";
import { z } from "zod";
import { batchWrites, createSessions, RedisStore } from "../webapp/session";

/** Our session layer in the same page app as the peers, as docs/sessions.md shows it. */
const app = new Koa();
const redis = new Redis(Number(process.env.REDIS_PORT), "127.0.0.1");
batchWrites(redis);
const store = new RedisStore(redis, { prefix: "layer:", idleSeconds: 1800, maxAgeSeconds: 43_200 });
const number = z.number().int().optional();
const schema = z.object({ visits: number, a: number, b: number });
const sessions = createSessions(app, { store, schema, cookie: { secure: false } });

app.use(sessions.middleware);
app.use(async (ctx) => {
  const session = sessions.of(ctx);
  ctx.type = "html";
  if (ctx.url === "/" && session.key !== undefined) {
    ctx.body = `<p>Visits: ${await session.increment("visits")}</p>`;
  } else if (ctx.url === "/" || ctx.url === "/assign") {
    session.data.visits = (session.data.visits ?? 0) + 1;
    ctx.body = `<p>Visits: ${session.data.visits}</p>`;
  } else if (ctx.url === "/read") {
    ctx.body = `<p>Visits: ${session.data.visits ?? 0}</p>`;
  } else if (ctx.url === "/login") {
    await session.login("ann");
    ctx.body = "logged in";
  } else if (ctx.url === "/logout") {
    session.logout();
    ctx.body = "logged out";
  } else {
    const { otherPage } = await import("./peers/pages.mjs");
    ctx.body = await otherPage(session.data, ctx.url);
  }
});
app.listen(Number(process.env.PORT), "127.0.0.1");
