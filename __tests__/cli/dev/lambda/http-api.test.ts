import { once } from "node:events";
import net from "node:net";
import { HttpApi, type HttpApiOptions } from "../../../../cli/dev/lambda/http-api";
import { FunctionError } from "../../../../cli/dev/lambda/runtime-api";

type Event = Record<string, unknown> & { readonly headers: Record<string, string> };

let api: HttpApi | undefined;
afterEach(() => api?.stop());

/** An API in front of a function that answers so; and what the function was asked. */
async function open(answer: (event: Event) => unknown, options: HttpApiOptions = {}) {
  const events: Event[] = [];
  api = new HttpApi(async (event) => {
    events.push(event as Event);
    return answer(event as Event);
  }, options);
  return { url: await api.listen(), events };
}
const nothing = () => ({ statusCode: 204 });

it("hands over a request in payload format 2.0", async () => {
  const { url, events } = await open(nothing);
  await fetch(`${url}/a%20b/%E5%86%99?c=1&d=%20&c=2`, { headers: { cookie: "a=1; b=2", "x-one": "1" } });
  const { host } = new URL(url);
  expect(events).toEqual([
    expect.objectContaining({
      version: "2.0",
      routeKey: "$default",
      rawPath: "/a b/写",
      rawQueryString: "c=1&d=%20&c=2",
      queryStringParameters: { c: "1,2", d: " " },
      cookies: ["a=1", "b=2"],
      isBase64Encoded: false,
    }),
  ]);
  const [event] = events as [Event];
  expect(event.headers).toMatchObject({
    host,
    "x-one": "1",
    "x-forwarded-for": "127.0.0.1",
    "x-forwarded-proto": "http",
  });
  expect(event.headers).not.toHaveProperty("cookie");
  expect(event).not.toHaveProperty("body");
  expect(event.requestContext).toMatchObject({
    stage: "$default",
    http: { method: "GET", path: "/a b/写", sourceIp: "127.0.0.1" },
  });
});

it("decodes a path, and cuts it at an encoded question mark, as API Gateway does", async () => {
  const { url, events } = await open(nothing);
  for (const path of ["/a%2Fb", "/a%3Fb?c", "/%zz"]) await fetch(url + path);
  expect(events.map(({ rawPath, rawQueryString }) => [rawPath, rawQueryString])).toEqual([
    ["/a/b", ""],
    ["/a", "c"],
    ["/%zz", ""],
  ]);
});

it.each([
  ["application/x-www-form-urlencoded", true],
  ["application/octet-stream", true],
  ["application/json", false],
  ["text/plain; charset=utf-8", false],
])("hands over a body of %s, as base64: %p", async (type, isBase64Encoded) => {
  const { url, events } = await open(nothing);
  await fetch(url, { method: "POST", body: "ü=1", headers: { "content-type": type } });
  const [event] = events as [Event];
  expect(event.isBase64Encoded).toBe(isBase64Encoded);
  expect(Buffer.from(event.body as string, isBase64Encoded ? "base64" : "utf8").toString()).toBe("ü=1");
});

it("adds who is connected to what was forwarded, and believes neither scheme nor port nor host", async () => {
  const { url, events } = await open(nothing, { seenAs: "https://app.example.com" });
  const forged = { "x-forwarded-for": "10.0.0.1", "x-forwarded-proto": "ftp", "x-forwarded-port": "1", origin: url };
  await fetch(url, { headers: forged });
  expect(events[0]?.headers).toMatchObject({
    host: "app.example.com",
    origin: "https://app.example.com",
    "x-forwarded-for": "10.0.0.1, 127.0.0.1",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "443",
  });
});

it("answers with status, headers, several cookies and bytes", async () => {
  const { url } = await open(() => ({
    statusCode: 418,
    headers: { "content-type": "image/gif", "transfer-encoding": "chunked" },
    cookies: ["a=1; Path=/", "b=2"],
    body: "AAEC/w==",
    isBase64Encoded: true,
  }));
  const response = await fetch(url);
  expect(response.status).toBe(418);
  expect(response.headers.getSetCookie()).toEqual(["a=1; Path=/", "b=2"]);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 1, 2, 255]);
});

it.each([["It works!"], [{ photo: null }], [null]])("takes an answer without a status for JSON: %p", async (answer) => {
  const { url } = await open(() => answer);
  const response = await fetch(url);
  expect([response.status, response.headers.get("content-type")]).toEqual([200, "application/json"]);
  expect(await response.json()).toEqual(answer);
});

it.each([
  ["a function that threw", new FunctionError("TypeError", "no photo"), 500, "Internal Server Error"],
  [
    "one that runs too often",
    new FunctionError("TooManyRequestsException", "Rate Exceeded."),
    503,
    "Service Unavailable",
  ],
])("tells visitors nothing of %s, and the log what", async (_what, error, status, message) => {
  const said: string[] = [];
  const fails = () => {
    throw error;
  };
  const { url } = await open(fails, { say: (line) => void said.push(line) });
  const response = await fetch(url);
  expect([response.status, await response.json()]).toEqual([status, { message }]);
  expect(said).toEqual([error.message]);
});

it("takes no more than 10 MiB", async () => {
  const { url, events } = await open(nothing);
  const send = (bytes: number) => fetch(url, { method: "POST", body: new Uint8Array(bytes) });
  expect((await send(10 * 1024 * 1024)).status).toBe(204);
  expect((await send(10 * 1024 * 1024 + 1)).status).toBe(413);
  expect(events).toHaveLength(1);
});

it("says when its port is taken", async () => {
  const taken = net.createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const other = new HttpApi(async () => null);
  await expect(other.listen((taken.address() as net.AddressInfo).port)).rejects.toThrow("EADDRINUSE");
  await other.stop();
  taken.close();
});
