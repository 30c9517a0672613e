import { bodyParser } from "@koa/bodyparser";
import Koa from "koa";
import { answerEvents } from "../../../webapp/lambda/http-event";
import { API_URL, requestEvent } from "../../programs/lambda";

const PIXEL = Buffer.from("R0lGODlhAQABAIAAAP8AAP///yH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==", "base64");

/** Answers events by a Koa app of one handler. */
function answering(handler: Koa.Middleware) {
  const app = new Koa();
  app.use(bodyParser());
  app.use(handler);
  return answerEvents(app.callback());
}

it("hands over several cookies one by one, as HTTP APIs take them", async () => {
  const answer = answering((ctx) => {
    ctx.cookies.set("a", "1");
    ctx.cookies.set("b", "2");
    ctx.body = "two";
  });
  const { cookies, headers } = await answer(requestEvent());
  expect(cookies).toEqual([expect.stringMatching(/^a=1; /), expect.stringMatching(/^b=2; /)]);
  expect(headers).not.toHaveProperty("set-cookie");
});

it("reads cookies that arrive one by one", async () => {
  const answer = answering((ctx) => {
    ctx.body = `${ctx.cookies.get("a")} ${ctx.cookies.get("b")}`;
  });
  expect((await answer(requestEvent({ headers: { cookie: "a=1; b=2" } }))).body).toBe("1 2");
});

it.each([
  ["image/gif", PIXEL],
  ["font/woff2", PIXEL],
  ["application/octet-stream", PIXEL],
])("answers with %s as base64, byte for byte", async (type, bytes) => {
  const answer = answering((ctx) => {
    ctx.type = type;
    ctx.body = bytes;
  });
  const { body, isBase64Encoded } = await answer(requestEvent());
  expect(isBase64Encoded).toBe(true);
  expect(Buffer.from(body, "base64")).toEqual(bytes);
});

it("answers with compressed text as base64", async () => {
  const answer = answering((ctx) => {
    ctx.type = "text/html";
    ctx.set("Content-Encoding", "gzip");
    ctx.body = PIXEL;
  });
  expect((await answer(requestEvent())).isBase64Encoded).toBe(true);
});

it.each(["text/html", "text/css", "image/svg+xml", "application/json"])("answers with %s as it is", async (type) => {
  const answer = answering((ctx) => {
    ctx.type = type;
    ctx.body = "ü";
  });
  expect(await answer(requestEvent())).toMatchObject({ body: "ü", isBase64Encoded: false });
});

it("takes a form, which comes as base64", async () => {
  const answer = answering((ctx) => {
    ctx.body = ctx.request.body as object;
  });
  const event = requestEvent({
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from("username=Zo%C3%AB"),
  });
  expect(event).toMatchObject({ isBase64Encoded: true });
  expect((await answer(event)).body).toBe('{"username":"Zoë"}');
});

it("sees path, query, host, scheme and address of the client, with any headers", async () => {
  const answer = answering((ctx) => {
    ctx.body = [ctx.method, ctx.url, `${ctx.protocol}://${ctx.host}`, ctx.ip].join(" ");
  });
  const headers = { "x-forwarded-for": "10.0.0.1", "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" };
  const { body } = await answer(requestEvent({ target: "/a%20b?c=1&c=2", headers, sourceIp: "2001:db8::7" }));
  expect(body).toBe(`GET /a b?c=1&c=2 ${API_URL} 2001:db8::7`);
});

it("ends a response for those who wait for its end, as one that was sent whole", async () => {
  const ends: unknown[] = [];
  const answer = answering((ctx) => {
    ctx.res.once("close", () => ends.push(ctx.res.writableFinished));
    ctx.body = "all of it";
  });
  await answer(requestEvent());
  expect(ends).toEqual([true]);
});

it.each([{}, { version: "1.0", httpMethod: "GET", path: "/" }, { Records: [] }])("takes no other event: %p", (event) =>
  expect(answering(() => {})(event)).rejects.toThrow(
    /event: got version .*, takes an HTTP request in payload format 2\.0/,
  ),
);
