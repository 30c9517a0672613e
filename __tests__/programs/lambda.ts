import path from "node:path";
import { LocalFunction, type LocalFunctionProps } from "../../cli/dev/lambda/function";
import { type ApiRequest, httpEvent } from "../../cli/dev/lambda/http-event";

const DIST = path.join(__dirname, "..", "..", "webapp", "dist");
/** Where visitors believe they are. */
export const API_URL = "https://abc123defg.execute-api.ap-northeast-1.amazonaws.com";

/** A request to that API as an event; a GET of `/` by a stranger unless told. */
export function requestEvent(request: Partial<ApiRequest> = {}): object {
  const nothing = { method: "GET", target: "/", headers: {}, body: Buffer.alloc(0), sourceIp: "203.0.113.7" };
  return httpEvent({ ...nothing, ...request }, API_URL);
}

export interface RunningFunction {
  readonly lambda: LocalFunction;
  invoke(event: unknown): Promise<unknown>;
  /** The output of all its processes so far. */
  output(): string;
  stop(): Promise<void>;
}

/**
 * A function of `webapp/dist`, which `npm run build` makes.
 *
 * @param processes - that are there at once, idle. @default - as many as there may be: one, unless told
 * @throws when they do not start.
 */
export async function startFunction(
  handler: string,
  environment: Readonly<Record<string, string>>,
  props: Partial<LocalFunctionProps> = {},
  processes = props.mostAtOnce ?? 1,
): Promise<RunningFunction> {
  const lines: string[] = [];
  const lambda = new LocalFunction({
    name: handler.replace(/\..*$/, ""),
    region: "ap-northeast-1",
    root: DIST,
    handler,
    environment,
    timeoutSeconds: 15,
    memoryMib: 1024,
    say: (line) => void lines.push(line),
    mostAtOnce: processes,
    ...props,
  });
  await lambda.warm(processes);
  return {
    lambda,
    invoke: (event) => lambda.invoke(event),
    output: () => lines.join("\n"),
    stop: () => lambda.stop(),
  };
}
