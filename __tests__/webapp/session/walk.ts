import Koa from "koa";
import { z } from "zod";
import { createSessions, type RedisClient, RedisStore } from "../../../webapp/session";
import { listen, Visitor } from "../../programs/visitor";

const schema = z.object({ colour: z.string().optional(), visits: z.number().int().max(2).optional() });
export const LIMITS = { prefix: "session:", idleSeconds: 60, maxAgeSeconds: 600 };

/** The pages of a visitor who uses all of a session, one after the other. */
export async function walk(redis: RedisClient, App: typeof Koa = Koa): Promise<string[]> {
  const app = new App();
  app.silent = true;
  const sessions = createSessions(app, { store: new RedisStore(redis, LIMITS), schema, cookie: { secure: false } });
  const pages: Record<string, (session: ReturnType<typeof sessions.of>) => unknown> = {
    "/login": (session) => session.login("Zoë 😀"),
    "/colour": (session) => {
      session.data.colour = "red";
    },
    "/increment": (session) => session.increment("visits"),
    "/renew": (session) => session.renew(),
    "/end-others": (session) => session.endOthers(),
    "/list": async (session) =>
      (await session.list()).map(({ ttlMs, createdAt }) => [ttlMs > 50_000, createdAt > 1e12]),
    "/logout": (session) => session.logout(),
  };
  app.use(sessions.middleware);
  app.use(async (ctx) => {
    const session = sessions.of(ctx);
    const result = await pages[ctx.path]?.(session);
    ctx.body = JSON.stringify([result, ctx.path === "/logout" ? null : session.data]);
  });
  const { url, stop } = await listen(app);
  try {
    const [here, there] = [new Visitor(url), new Visitor(url)];
    await there.get("/login");
    const seen: string[] = [];
    const paths = ["/login", "/login", "/colour", "/increment", "/increment", "/increment", "/renew", "/list"];
    for (const path of [...paths, "/end-others", "/list", "/logout", "/"]) {
      const { status, body } = await here.get(path);
      seen.push(`${path} ${status} ${body}`);
    }
    return [...seen, (await there.get("/")).body];
  } finally {
    await stop();
  }
}

const USER = '"user":"Zoë 😀"';
const DATA = `${USER},"colour":"red","visits":2`;
/** The pages of {@link walk}, with any client. */
export const SEEN = [
  `/login 200 [null,{${USER}}]`,
  `/login 200 [null,{${USER}}]`,
  `/colour 200 [null,{${USER},"colour":"red"}]`,
  `/increment 200 [1,{${USER},"colour":"red","visits":1}]`,
  `/increment 200 [2,{${DATA}}]`,
  "/increment 500 Internal Server Error",
  `/renew 200 [null,{${DATA}}]`,
  `/list 200 [[[true,true],[true,true]],{${DATA}}]`,
  `/end-others 200 [1,{${DATA}}]`,
  `/list 200 [[[true,true]],{${DATA}}]`,
  "/logout 200 [null,null]",
  "/ 200 [null,{}]",
  "[null,{}]",
];
