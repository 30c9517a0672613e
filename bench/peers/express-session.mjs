// connect-redis' README, word for word where it matters: resave and saveUninitialized off.
import { RedisStore } from "connect-redis";
import express from "express";
import session from "express-session";
import { createClient } from "redis";
import { otherPage } from "./pages.mjs";

const client = createClient({ url: `redis://127.0.0.1:${process.env.REDIS_PORT}` });
await client.connect();
const app = express();
app.use(
  session({
    store: new RedisStore({ client, prefix: "express:" }),
    name: "id",
    secret: "a secret of the benchmark alone, 32 characters",
    cookie: { maxAge: 1_800_000 },
    resave: false,
    saveUninitialized: false,
  }),
);
app.get("/", (request, response) => {
  request.session.visits = (request.session.visits ?? 0) + 1;
  response.type("html").send(`<p>Visits: ${request.session.visits}</p>`);
});
app.use(async (request, response) => {
  const end = () => new Promise((resolve) => request.session.destroy(resolve));
  response.type("html").send(await otherPage(request.session, request.url, end));
});
app.listen(Number(process.env.PORT), "127.0.0.1");
