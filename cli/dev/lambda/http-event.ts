import { randomUUID } from "node:crypto";

/** A request as it reached the API. */
export interface ApiRequest {
  readonly method: string;
  /** As it was sent: percent-encoded, with its query. */
  readonly target: string;
  /** Names in small letters; several of one name as one, with commas. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Address that the API was connected to from. */
  readonly sourceIp: string;
}

const API_ID = "local";
const ACCOUNT = "000000000000";
/** What an HTTP API hands over as it is; a form and whatever else comes as base64. */
const TEXT = /^(text\/|application\/(json|javascript|xml))/;

/**
 * A request as an HTTP API hands it to a function: payload format 2.0, route and stage `$default`. As API Gateway does,
 * it decodes the path, and cuts it at a question mark that was encoded.
 *
 * @param url - the API's own, which the request is seen as sent to.
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

/** Several of one name as one, with commas. */
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
