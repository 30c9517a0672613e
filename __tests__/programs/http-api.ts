import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

/** Where visitors believe they are. */
export const API_HOST = "abc123defg.execute-api.ap-northeast-1.amazonaws.com";

export interface HttpRequest {
  readonly method?: string;
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly sourceIp?: string;
}

/**
 * A request as an HTTP API hands it over: payload format 2.0, stage and route $default.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent(request: HttpRequest): object {
  const { method = "GET", path = "/", query = "", headers = {}, body, sourceIp = "203.0.113.7" } = request;
  const { cookie, ...others } = headers;
  const forwarded = others["x-forwarded-for"];
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookie && { cookies: cookie.split(/; */) }),
    headers: {
      ...others,
      host: API_HOST,
      "x-forwarded-for": forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
      "x-forwarded-port": "443",
      "x-forwarded-proto": "https",
    },
    ...(query && { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) }),
    requestContext: {
      accountId: "123456789012",
      apiId: "abc123defg",
      domainName: API_HOST,
      domainPrefix: "abc123defg",
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: others["user-agent"] ?? "" },
      requestId: "JKJaXmPLvHcESHA=",
      routeKey: "$default",
      stage: "$default",
      time: "12/Mar/2020:19:03:58 +0000",
      timeEpoch: 1583348638390,
    },
    ...(body?.length && asText(body, headers["content-type"])),
    isBase64Encoded: Boolean(body?.length && !isText(headers["content-type"])),
  };
}

/** What an HTTP API hands over as it is; a form and whatever else comes as base64. */
function isText(type = ""): boolean {
  return /^(text\/|application\/(json|javascript|xml))/.test(type);
}

function asText(body: Buffer, type: string | undefined): { body: string } {
  return { body: body.toString(isText(type) ? "utf8" : "base64") };
}

/** Answers an event with what a function would. */
export type Invoke = (event: object) => Promise<unknown>;

export interface HttpApi {
  readonly url: string;
  stop(): Promise<void>;
}

/** An HTTP API in front of a function, for visitors that speak HTTP. */
export async function startHttpApi(invoke: Invoke): Promise<HttpApi> {
  const server = http.createServer((request, response) => void pass(request, response));

  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const chunks = await request.toArray();
    const [path = "/", query = ""] = (request.url ?? "/").split("?");
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    if (headers.origin === url) headers.origin = `https://${API_HOST}`;
    const event = httpEvent({ method: request.method ?? "GET", path, query, headers, body: Buffer.concat(chunks) });
    try {
      const answer = (await invoke(event)) as Record<string, unknown>;
      const {
        statusCode,
        headers = {},
        cookies = [],
        body = "",
        isBase64Encoded = false,
      } = answer as {
        statusCode: number;
        headers?: Record<string, string>;
        cookies?: string[];
        body?: string;
        isBase64Encoded?: boolean;
      };
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (cookies.length > 0) response.setHeader("set-cookie", cookies);
      response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? "base64" : "utf8"));
    } catch {
      response.writeHead(500, { "content-type": "application/json" }).end('{"message":"Internal Server Error"}');
    }
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
