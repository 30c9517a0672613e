// koa-session's README: a store, an explicit maxAge, `rolling` to refresh the expiry; koa-redis' README: its defaults.
import Koa from "koa";
import redisStore from "koa-redis";
import session from "koa-session";
import { otherPage } from "./pages.mjs";

const app = new Koa();
app.keys = ["a key of the benchmark alone"];
const store = redisStore({ host: "127.0.0.1", port: Number(process.env.REDIS_PORT) });
app.use(session({ key: "id", maxAge: 1_800_000, rolling: true, prefix: "koa-redis:", store }, app));
app.use(async (ctx) => {
  ctx.type = "html";
  if (ctx.url !== "/") {
    ctx.body = await otherPage(ctx.session, ctx.url, () => {
      ctx.session = null;
    });
    return;
  }
  ctx.session.visits = (ctx.session.visits ?? 0) + 1;
  ctx.body = `<p>Visits: ${ctx.session.visits}</p>`;
});
app.listen(process.env.PORT, "127.0.0.1");
