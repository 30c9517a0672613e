import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { httpEvent } from "./http-event";
import { FunctionError } from "./runtime-api";

/** Settings of the local HTTP API. */
export interface HttpApiOptions {
  /** Address of the site for visitors, if it is not the local address. Their Origin is compared with it. */
  readonly seenAs?: string;
  /** Gets errors, which visitors do not see. */
  readonly say?: (line: string) => void;
}

/** The longest body that an HTTP API accepts. Bytes. */
const LONGEST_BODY = 10 * 1024 * 1024;
/** Hop-by-hop headers. */
const HOP_BY_HOP = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade", "content-length"]);

/** A function's answer in payload format 2.0; without a status it is the body itself. */
interface FunctionAnswer {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: readonly string[];
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** A local HTTP API of API Gateway that sends all requests to one function. */
export class HttpApi {
  readonly #invoke: (event: object) => Promise<unknown>;
  readonly #options: HttpApiOptions;
  readonly #server = createServer((request, response) => void this.#pass(request, response));
  #url = "";

  /** @param invoke - invokes the function with an event. */
  constructor(invoke: (event: object) => Promise<unknown>, options: HttpApiOptions = {}) {
    this.#invoke = invoke;
    this.#options = options;
  }

  /** @returns its address. */
  async listen(port = 0): Promise<string> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this.#url;
  }

  async stop(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, "close") : undefined;
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request);
      if (body === undefined) return say(response, 413, "Request Entity Too Large");
      const { method = "GET", url: target = "/", socket } = request;
      const seenAs = this.#options.seenAs ?? this.#url;
      const headers = joinHeaders(request);
      if (headers.origin === this.#url) headers.origin = seenAs;
      const sourceIp = socket.remoteAddress ?? "127.0.0.1";
      send(response, buildAnswer(await this.#invoke(httpEvent({ method, target, headers, body, sourceIp }, seenAs))));
    } catch (error) {
      this.#options.say?.(error instanceof Error ? error.message : String(error));
      if (error instanceof FunctionError && error.type === "TooManyRequestsException") {
        say(response, 503, "Service Unavailable");
      } else {
        say(response, 500, "Internal Server Error");
      }
    }
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= LONGEST_BODY) chunks.push(chunk);
  }
  return bytes > LONGEST_BODY ? undefined : Buffer.concat(chunks);
}

function joinHeaders(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headersDistinct);
  return Object.fromEntries(
    entries
      .filter(([name]) => !HOP_BY_HOP.has(name) || name === "content-length")
      .map(([name, values = []]) => [name, values.join(name === "cookie" ? "; " : ",")]),
  );
}

function buildAnswer(result: unknown): FunctionAnswer {
  if (result !== null && typeof result === "object" && "statusCode" in result) return result as FunctionAnswer;
  return { statusCode: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(result) };
}

function send(response: ServerResponse, answer: FunctionAnswer): void {
  const { statusCode, headers = {}, cookies = [], body = "", isBase64Encoded = false } = answer;
  for (const [name, value] of Object.entries(headers)) {
    if (!HOP_BY_HOP.has(name.toLowerCase())) response.setHeader(name, value);
  }
  if (cookies.length > 0) response.setHeader("set-cookie", cookies);
  response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? "base64" : "utf8"));
}

function say(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
}
