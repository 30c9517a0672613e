import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One event on its way to a function. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  /** When Lambda would end it, in milliseconds since 1970. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string;
}

/** What a function threw, or why it did not come to an answer. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";

  /** @param type - as Lambda's `errorType`: the error's name, or one that begins with `Runtime.` or `Sandbox.`. */
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
  }
}

/** Told what a runtime says. */
export interface RuntimeListener {
  /** It asks for an event, and has nothing under way. */
  asks(): void;
  answers(requestId: string, result: unknown): void;
  fails(requestId: string, error: FunctionError): void;
  /** Its code could not be loaded. */
  failsToStart(error: FunctionError): void;
}

/**
 * Lambda's runtime API for one process: what the process reads its events from, and answers to.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #listener: RuntimeListener;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #asking: ServerResponse | undefined;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
    // The process may be stopped for any time between two requests over one connection.
    this.#server.keepAliveTimeout = 0;
  }

  /** @returns what AWS_LAMBDA_RUNTIME_API is set to. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Hands over an event to the process, which has asked for one. */
  hand({ requestId, event, deadlineMs, functionArn, traceId }: Invocation): void {
    const response = this.#asking;
    if (response === undefined) throw new Error("the process has not asked for an event");
    this.#asking = undefined;
    response.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": requestId,
      "lambda-runtime-deadline-ms": String(deadlineMs),
      "lambda-runtime-invoked-function-arn": functionArn,
      "lambda-runtime-trace-id": traceId,
    });
    response.end(JSON.stringify(event ?? null));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, resource = "", requestId = "", what] =
      /^\/2018-06-01\/runtime\/(init\/error|invocation\/([^/]+)(?:\/(response|error))?)$/.exec(request.url ?? "") ?? [];
    if (request.method === "GET" && requestId === "next") {
      this.#asking = response;
      this.#listener.asks();
      return;
    }
    const body = Buffer.concat(await request.toArray().catch(() => [])).toString();
    response.writeHead(resource === "" ? 404 : 202, { "content-type": "application/json" }).end('{"status":"OK"}');
    if (what === "response") this.#listener.answers(requestId, JSON.parse(body));
    else if (what === "error") this.#listener.fails(requestId, parseError(body));
    else if (resource === "init/error") this.#listener.failsToStart(parseError(body));
  }
}

function parseError(body: string): FunctionError {
  const { errorType, errorMessage } = JSON.parse(body) as { errorType: string; errorMessage: string };
  return new FunctionError(errorType, errorMessage);
}
