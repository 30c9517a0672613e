import http from "node:http";
import type { Served } from "./served";

/** Sessions the load draws from: as many visitors as one process serves at a time. */
const VISITORS = 200;

/** An answer, and the cookie that the browser holds afterwards. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  /** The cookie that the browser would send next. */
  readonly cookie: string;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 256 });

/** A request as a load balancer hands it on. */
export function ask(
  origin: string,
  path: string,
  cookie = "",
  form?: Readonly<Record<string, string>>,
): Promise<Answer> {
  const body = form && new URLSearchParams(form).toString();
  const headers = {
    ...forwarded(),
    ...(cookie === "" ? {} : { cookie }),
    ...(body === undefined
      ? {}
      : { "content-type": "application/x-www-form-urlencoded", "content-length": body.length }),
  };
  return new Promise((resolve, reject) => {
    const request = http.request(origin + path, { agent, headers, method: form ? "POST" : "GET" }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("end", () => {
        const set = response.headers["set-cookie"]?.map((line) => line.split(";")[0]).join("; ");
        resolve({ status: response.statusCode ?? 0, body: text, cookie: set ?? cookie });
      });
    });
    request.once("error", reject);
    request.end(body);
  });
}

let address = 0;

/** Each visitor has an address of their own: the login throttle of the app counts by address. */
function forwarded(): Record<string, string> {
  address++;
  return {
    "x-forwarded-for": `10.${(address >> 16) & 255}.${(address >> 8) & 255}.${address & 255}`,
    "x-forwarded-proto": "https",
  };
}

/** Cookies of visitors with a session, who have come once. */
export async function visit(server: Served, key: string, visitors = VISITORS): Promise<string[]> {
  const cookies: string[] = [];
  for (let i = 0; i < visitors; i++) {
    const answer = key === "app" ? await logIn(server.origin, `visitor-${i}`) : await ask(server.origin, "/");
    if (answer.cookie === "") throw new Error(`${server.name}: no cookie: ${answer.status} ${answer.body}`);
    cookies.push(answer.cookie);
  }
  return cookies;
}

async function logIn(origin: string, username: string): Promise<Answer> {
  const { body } = await ask(origin, "/login");
  const token = /name="token" value="([^"]*)"/.exec(body)?.[1] ?? "";
  return ask(origin, "/login", "", { token, username });
}
