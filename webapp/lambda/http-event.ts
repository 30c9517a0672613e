import type { RequestListener } from "node:http";
import serverless from "serverless-http";

/** An HTTP request as API Gateway's HTTP APIs hand it over, payload format 2.0; function URLs do it alike. */
export type HttpEvent = object;

/** The answer in the same format. */
export interface HttpResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  /** One Set-Cookie each. */
  readonly cookies?: readonly string[];
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Types that travel as text. All others travel as base64. */
const TEXT = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded)\b|[\w.-]+\/[\w.-]+\+(xml|json)\b)/;

/**
 * Lets a listener of node:http answer such events. It sees the request as over TLS, and as its address the one that
 * API Gateway itself was connected to from (`requestContext.http.sourceIp`): no header takes part in that.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function answerEvents(listener: RequestListener): (event: HttpEvent) => Promise<HttpResult> {
  const toListener: RequestListener = (request, response) => {
    // The adapter's socket does not say that everything is written; without that, each answer looks cut off.
    Object.assign(response.socket ?? {}, { writableLength: 0 });
    listener(request, response);
  };
  const answer = serverless(toListener, { requestId: "", binary: isBinary });
  return async (event) => {
    const { version } = event as { version?: unknown };
    if (version !== "2.0") {
      throw new Error(`event: got version ${JSON.stringify(version)}, takes an HTTP request in payload format 2.0`);
    }
    return (await answer(event, {})) as HttpResult;
  };
}

function isBinary(headers: Readonly<Record<string, string>>): boolean {
  const { "content-type": type, "content-encoding": encoding } = headers;
  if (encoding !== undefined && encoding !== "identity") return true;
  return type !== undefined && !TEXT.test(type);
}
