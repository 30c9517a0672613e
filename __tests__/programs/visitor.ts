import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type Koa from "koa";

/** An app that listens on a free port of this machine. */
export interface Listening {
  readonly url: string;
  readonly server: Server;
  stop(): Promise<void>;
}

export async function listen(app: Koa): Promise<Listening> {
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  // After Node's 5 s it would close a connection under a client that a busy machine has held up for as long.
  server.keepAliveTimeout = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A response, with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly setCookies: readonly string[];
}

/** A visitor with a browser: keeps cookies, sends the token of the last form seen, follows no redirect by itself. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly #origin: string;
  #token = "";

  constructor(origin: string) {
    this.#origin = origin;
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("GET", path, headers);
  }

  /** Sends a form as the page that was read last would. */
  post(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const form = new URLSearchParams({ token: this.#token, ...fields }).toString();
    const type = { "content-type": "application/x-www-form-urlencoded", origin: this.#origin };
    return this.send("POST", path, { ...type, ...headers }, form);
  }

  /** Another visitor with the same cookies. */
  copy(): Visitor {
    const other = new Visitor(this.#origin);
    for (const [name, value] of this.cookies) other.cookies.set(name, value);
    return other;
  }

  /** Reads the login page, sends the form, reads the home page. */
  async login(username: string): Promise<Answer> {
    await this.get("/login");
    const answer = await this.post("/login", { username });
    if (answer.status !== 303) throw new Error(`login answered ${answer.status}`);
    return this.get("/");
  }

  async send(method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(this.#origin + path, {
      method,
      redirect: "manual",
      headers: { ...(cookie === "" ? {} : { cookie }), ...headers },
      ...(body === undefined ? {} : { body }),
    });
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) this.#keep(line);
    const text = await response.text();
    this.#token = /name="token" value="([^"]*)"/.exec(text)?.[1] ?? this.#token;
    return { status: response.status, headers: response.headers, body: text, setCookies };
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const [name = "", ...rest] = pair.split("=");
    const value = rest.join("=");
    const expires = attributes.find((attribute) => attribute.startsWith("expires="))?.slice("expires=".length);
    if (expires !== undefined && new Date(expires) <= new Date()) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
