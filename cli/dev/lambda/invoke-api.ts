import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { LocalFunction } from "./function";
import type { FunctionError } from "./runtime-api";

/**
 * The part of Lambda's API that `aws lambda invoke --endpoint-url` and the SDKs need. Invocations are synchronous: the caller waits for the
 * answer. Signatures are not checked.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export class InvokeApi {
  readonly #functions: ReadonlyMap<string, Pick<LocalFunction, "invoke">>;
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  /** @param functions - functions, keyed by name. */
  constructor(functions: ReadonlyMap<string, Pick<LocalFunction, "invoke">>) {
    this.#functions = functions;
  }

  /** @returns its address. */
  async listen(port = 0): Promise<string> {
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    const closed = this.#server.listening ? once(this.#server, "close") : undefined;
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, name = ""] = /^\/2015-03-31\/functions\/([\w-]+)\/invocations(?:\?|$)/.exec(request.url ?? "") ?? [];
    const called = this.#functions.get(name);
    if (request.method !== "POST" || called === undefined) {
      const names = [...this.#functions.keys()].join(", ");
      return refuse(
        response,
        404,
        "ResourceNotFoundException",
        `Function not found: ${name || request.url}; there is ${names}`,
      );
    }
    let event: unknown;
    try {
      event = JSON.parse(Buffer.concat(await request.toArray()).toString() || "{}");
    } catch (error) {
      const message = `Could not parse request body into json: ${(error as Error).message}`;
      return refuse(response, 400, "InvalidRequestContentException", message);
    }
    try {
      send(response, 200, await called.invoke(event));
    } catch (error) {
      const { type = "Error", message } = error as FunctionError;
      if (type === "TooManyRequestsException") return refuse(response, 429, type, message);
      send(response, 200, { errorType: type, errorMessage: message }, { "x-amz-function-error": "Unhandled" });
    }
  }
}

function refuse(response: ServerResponse, status: number, type: string, message: string): void {
  send(response, status, { Type: "User", Message: message, message }, { "x-amzn-errortype": type });
}

function send(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}
