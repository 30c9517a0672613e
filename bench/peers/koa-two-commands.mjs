// The lower bound, where a session costs nothing: plain Koa and the two bare commands, a read and a counter in a script.
import { Redis } from "ioredis";
import Koa from "koa";

const app = new Koa();
const redis = new Redis(Number(process.env.REDIS_PORT), "127.0.0.1", { enableAutoPipelining: true });
const increment = await redis.script("LOAD", "return redis.call('HINCRBY', KEYS[1], ARGV[1], 1)");
const VISITORS = 200;
let visitor = 0;
app.use(async (ctx) => {
  visitor = (visitor + 1) % VISITORS;
  const key = `two-commands:${visitor}`;
  await redis.hgetall(key);
  ctx.type = "html";
  ctx.body = `<p>Visits: ${await redis.evalsha(increment, 1, key, "visits")}</p>`;
});
app.listen(process.env.PORT, "127.0.0.1");
