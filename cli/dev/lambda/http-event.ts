import { randomUUID } from "node:crypto";

/** A request to the API. */
export interface ApiRequest {
  readonly method: string;
  /** Percent-encoded path and query, as the client sent them. */
  readonly target: string;
  /** Headers with names in lower case. Several headers of one name are joined by commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Source address of the connection to the API. */
  readonly sourceIp: string;
}

const API_ID = "local";
const ACCOUNT = "000000000000";
/** Content types of bodies that an HTTP API passes on as text. All others, forms included, are in base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml))/;

/**
 * The event of a request, as an HTTP API passes it to a function: payload format 2.0, route and stage `$default`. As API Gateway does,
 * it decodes the path, and cuts it at an encoded question mark.
 *
 * @param url - address of the API, for the event's host and scheme.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent({ method, target, headers, body, sourceIp }: ApiRequest, url: string): object {
  const { protocol, host, hostname } = new URL(url);
  const scheme = protocol.slice(0, -1);
  const [encoded = "/", query = ""] = splitOnce(target, "?");
  const [path] = splitOnce(decoded(encoded), "?");
  const { cookie, "x-forwarded-for": forwarded, ...others } = headers;
  const isBase64Encoded = body.length > 0 && !TEXT.test(headers["content-type"] ?? "");
  const now = new Date();
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: query,
    ...(cookie && { cookies: cookie.split(/; */) }),
    headers: {
      ...others,
      host,
      "x-forwarded-for": forwarded === undefined ? sourceIp : `${forwarded}, ${sourceIp}`,
      "x-forwarded-port": new URL(url).port || (scheme === "https" ? "443" : "80"),
      "x-forwarded-proto": scheme,
    },
    ...(query && { queryStringParameters: parseQuery(query) }),
    requestContext: {
      accountId: ACCOUNT,
      apiId: API_ID,
      domainName: hostname,
      domainPrefix: hostname.split(".")[0],
      http: { method, path, protocol: "HTTP/1.1", sourceIp, userAgent: others["user-agent"] ?? "" },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length > 0 && { body: body.toString(isBase64Encoded ? "base64" : "utf8") }),
    isBase64Encoded,
  };
}

/** The query as an object. Several values of one name are joined by commas. */
function parseQuery(query: string): Record<string, string> {
  const parameters = new URLSearchParams(query);
  return Object.fromEntries([...parameters.keys()].map((name) => [name, parameters.getAll(name).join(",")]));
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
