import { once } from "node:events";
import net from "node:net";
import fc from "fast-check";
import pino from "pino";
import { createApp } from "../../webapp/app";
import { LoginThrottle } from "../../webapp/login/throttle";
import { KeyRing } from "../../webapp/secrets/key-ring";
import { MemoryStore } from "../../webapp/session";
import { FUZZ, FUZZ_MS, hostileText } from "../harness/fuzz";
import { type Listening, listen, Visitor } from "../programs/visitor";

const session = { idleSeconds: 60, maxAgeSeconds: 600, limit: 10, onLimit: "end-oldest", prefix: "session:" } as const;
/** An answer comes at once, or the connection ends; a hang is a fault. */
const ANSWER_MS = 5_000;

/** Visible text without line ends, as most headers hold it; other bytes are tried too. */
const headerValue = fc.oneof(fc.string({ maxLength: 60 }), hostileText).map((text) => text.replaceAll(/[\r\n]/g, ""));
const path = fc.oneof(
  fc.constantFrom(
    "/",
    "/index.html",
    "/login",
    "/logout",
    "/session",
    "/session/end",
    "/session/end-others",
    "/healthz",
    "/readyz",
  ),
  fc.webPath(),
  headerValue.map((text) => `/${text.replaceAll(" ", "")}`),
);
const header = fc.tuple(
  fc.constantFrom(
    ...["accept", "accept-language", "content-type", "content-encoding", "cookie", "host", "if-none-match", "origin"],
    ...[
      "range",
      "referer",
      "sec-fetch-site",
      "traceparent",
      "x-forwarded-for",
      "x-forwarded-proto",
      "x-request-id",
      "te",
    ],
  ),
  headerValue,
);
const form = fc.oneof(
  hostileText,
  fc.webQueryParameters(),
  fc
    .array(fc.tuple(fc.constantFrom("username", "token", "reference", "__proto__", "a[b]"), hostileText), {
      maxLength: 5,
    })
    .map((fields) => new URLSearchParams(fields).toString()),
);
const FORM_TYPE = "application/x-www-form-urlencoded";
const type = fc.constantFrom(
  ...[FORM_TYPE, `${FORM_TYPE}; charset=utf-7`, "application/json"],
  ...["multipart/form-data; boundary=x", "text/plain", ""],
);
/** A body by its length, with a wrong length, in chunks, or in chunks that are none. */
const body = fc.tuple(fc.constantFrom("length", "short", "chunked", "broken"), form, type);
interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: readonly [string, string, string] | undefined;
  readonly isLoggedIn: boolean;
}

const anyRequest: fc.Arbitrary<Request> = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"),
  path,
  headers: fc.array(header, { maxLength: 5 }),
  body: fc.option(body, { nil: undefined }),
  isLoggedIn: fc.boolean(),
});
/** A form as a browser sends it: most of the others are refused before a handler sees them. */
const formRequest: fc.Arbitrary<Request> = fc.record({
  method: fc.constant("POST"),
  path: fc.constantFrom("/login", "/logout", "/session/end", "/session/end-others"),
  headers: fc.constant([]),
  body: fc.tuple(fc.constantFrom("length", "chunked"), form, fc.constant(FORM_TYPE)),
  isLoggedIn: fc.boolean(),
});
const request = fc.oneof(anyRequest, formRequest);

let app: Listening;
let cookie: string;
let failures: string[];
beforeAll(async () => {
  failures = [];
  const store = new MemoryStore(session);
  const environment = {
    publicScheme: "http" as const,
    publicOrigin: undefined,
    trustProxy: 1,
    session,
    shownHost: "a-host",
  };
  const keys = await KeyRing.open({ kind: "keys", keys: ["k".repeat(32)] });
  const log = pino({ level: "error" }, { write: (line: string) => void failures.push(line) });
  const throttle = new LoginThrottle(undefined, session.prefix, { perMinute: 1e6, refusedPerMinute: 1e6 });
  app = await listen(createApp({ environment, store, keys, throttle, log, stopping: new AbortController().signal }));
  const visitor = new Visitor(app.url);
  await visitor.login("ann");
  cookie = `id=${visitor.cookies.get("id")}`;
});
afterAll(() => app.stop());

function write({ method, path, headers, body, isLoggedIn }: Request): Buffer {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  if (isLoggedIn) lines.push(`cookie: ${cookie}`);
  if (!headers.some(([name]) => name === "host")) lines.push("host: 127.0.0.1");
  const [way, text, contentType] = body ?? ["none", "", ""];
  const length = Buffer.byteLength(text);
  if (body !== undefined) lines.push(`content-type: ${contentType}`);
  if (way === "length") lines.push(`content-length: ${length}`);
  if (way === "short") lines.push(`content-length: ${Math.floor(length / 2)}`);
  if (way === "chunked" || way === "broken") lines.push("transfer-encoding: chunked");
  const sent =
    way === "chunked" ? `${length.toString(16)}\r\n${text}\r\n0\r\n\r\n` : way === "none" ? "" : `${text}\r\n\r\n`;
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\nconnection: close\r\n\r\n${sent}`, "utf8");
}

/** Sends bytes and reads all that comes back. */
async function send(bytes: Buffer): Promise<string> {
  const socket = net.connect(Number(new URL(app.url).port), "127.0.0.1");
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
  let answer = "";
  socket.setEncoding("latin1").on("data", (text) => {
    answer += text;
  });
  socket.write(bytes);
  try {
    await once(socket, "close");
  } catch (error) {
    // Node closes the connection of a request that is no HTTP while the rest of it is still on its way.
    if ((error as NodeJS.ErrnoException).code !== "ECONNRESET" && (error as NodeJS.ErrnoException).code !== "EPIPE")
      throw error;
  }
  return answer;
}

describe("a request with anything in it", () => {
  it(
    "is answered at once, never with a 5xx or a stack trace, and logs no error",
    async () => {
      await fc.assert(
        fc.asyncProperty(request, async (one) => {
          const answer = await send(write(one));
          expect(answer).not.toMatch(/^HTTP\/1\.1 5/);
          expect(answer).not.toMatch(/\n\s+at .*:\d+:\d+/);
          expect(failures.splice(0)).toEqual([]);
        }),
        FUZZ,
      );
      // The app is as it was.
      expect(
        await send(Buffer.from(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${cookie}\r\nconnection: close\r\n\r\n`)),
      ).toMatch(/^HTTP\/1\.1 200/);
    },
    FUZZ_MS,
  );
});
