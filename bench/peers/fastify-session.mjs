// @fastify/session's README: any express-session store; the expiry is refreshed by default (`rolling`).
import cookie from "@fastify/cookie";
import session from "@fastify/session";
import { RedisStore } from "connect-redis";
import fastify from "fastify";
import { createClient } from "redis";
import { otherPage } from "./pages.mjs";

const client = createClient({ url: `redis://127.0.0.1:${process.env.REDIS_PORT}` });
await client.connect();
const app = fastify();
app.register(cookie);
app.register(session, {
  secret: "a secret of the benchmark alone, 32 characters",
  cookieName: "id",
  cookie: { secure: false, maxAge: 1_800_000 },
  saveUninitialized: false,
  store: new RedisStore({ client, prefix: "fastify:" }),
});
app.get("/", async (request, reply) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  reply.type("text/html; charset=utf-8");
  return `<p>Visits: ${request.session.visits}</p>`;
});
app.get("/*", async (request, reply) => {
  reply.type("text/html; charset=utf-8");
  return otherPage(request.session, request.url, () => request.session.destroy());
});
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
