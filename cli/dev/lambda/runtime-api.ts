import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One event for a function. */
export interface Invocation {
  readonly requestId: string;
  readonly event: unknown;
  /** Time at which Lambda would end the invocation, in milliseconds since 1970. */
  readonly deadlineMs: number;
  readonly functionArn: string;
  readonly traceId: string;
}

/** An error that a function threw, or the reason for a missing answer. */
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

/** Receives the calls of a runtime. */
export interface RuntimeListener {
  /** The runtime asks for an event, and has no more work. */
  asks(): void;
  answers(requestId: string, result: unknown): void;
  fails(requestId: string, error: FunctionError): void;
  /** The function's code could not be loaded. */
  failsToStart(error: FunctionError): void;
}

/**
 * Lambda's runtime API for one process, from which the process reads its events, and to which it sends its answers.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  readonly #listener: RuntimeListener;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #asking: ServerResponse | undefined;

  constructor(listener: RuntimeListener) {
    this.#listener = listener;
    // No keep-alive timeout, because the process can be stopped for any time between two requests of one connection.
    this.#server.keepAliveTimeout = 0;
  }

  /** @returns the value of AWS_LAMBDA_RUNTIME_API. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sends an event to the process, which must have asked for one. */
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
