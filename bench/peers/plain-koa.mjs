// The framework's ceiling: what a Koa app costs before it has a session.
import Koa from "koa";

const app = new Koa();
let visits = 0;
app.use((ctx) => {
  visits++;
  ctx.type = "html";
  ctx.body = `<p>Visits: ${visits}</p>`;
});
app.listen(process.env.PORT, "127.0.0.1");
