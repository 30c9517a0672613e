import type { ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import path from "node:path";
import { eachLine, start, stop } from "../../machine/programs";
import { FunctionError, RuntimeApi } from "./runtime-api";

const RUNTIME = path.join(__dirname, "runtime.cjs");
/** Lambda's limit of the init phase. After it, Lambda tries the init once more, within the function's timeout. Milliseconds. */
const START_WITHIN_MS = 10_000;
const ACCOUNT = "000000000000";

/** Configuration of a function, in Lambda's terms. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly region: string;
  /** Absolute path of the folder with the unpacked zip. */
  readonly root: string;
  /** A file without its extension, and its export, as in `photo-cache.handler`. */
  readonly handler: string;
  /** The function's own variables. Lambda's variables are added to them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memoryMib: number;
  /** Gets each line that the function writes. */
  readonly say: (line: string) => void;
  /** Starts the process of the function. @default - on this machine */
  readonly launch?: Launch;
}

/** @param api - host and port of the runtime API, which the process must reach. */
export type Launch = (
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
  api: string,
) => Promise<ChildProcess>;

/** A caller that waits until the process asks for its next event. */
interface Waiting {
  /** Request id of the invocation; undefined during the start. */
  readonly requestId?: string;
  readonly timer: NodeJS.Timeout;
  resolve(result: unknown): void;
  reject(error: FunctionError): void;
  /** Settles the caller's promise with the result, once there is one. */
  settle?: () => void;
}

/**
 * One process of a function, as Lambda runs it. It handles one invocation at a time, is stopped in between, and is killed after its
 * timeout.
 */
export class FunctionProcess {
  readonly #configuration: FunctionConfiguration;
  readonly #api: RuntimeApi;
  #child: ChildProcess | undefined;
  #waiting: Waiting | undefined;
  #failure: FunctionError | undefined;

  /** @throws {FunctionError} when its code cannot be loaded, or not in time. */
  static async start(configuration: FunctionConfiguration): Promise<FunctionProcess> {
    const made = new FunctionProcess(configuration);
    await made.#start();
    return made;
  }

  private constructor(configuration: FunctionConfiguration) {
    this.#configuration = configuration;
    this.#api = new RuntimeApi({
      asks: () => this.#freeze(),
      answers: (requestId, result) => this.#keep(requestId, ({ resolve }) => resolve(result)),
      fails: (requestId, error) => this.#keep(requestId, ({ reject }) => reject(error)),
      failsToStart: (error) => {
        this.#failure = error;
      },
    });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Whether the process accepts no more events. */
  get hasEnded(): boolean {
    return this.#failure !== undefined;
  }

  /**
   * Sends an event to the process, and returns the result once the process has no more work. Call it once at a time.
   *
   * @throws {FunctionError} with the error that the function threw, or the end of the process.
   */
  async invoke(event: unknown): Promise<unknown> {
    if (this.#failure !== undefined) throw this.#failure;
    const { name, region, timeoutSeconds } = this.#configuration;
    const timeoutMs = timeoutSeconds * 1000;
    const requestId = randomUUID();
    const traced = requestId.replaceAll("-", "").slice(8);
    const tooLate = new FunctionError("Sandbox.Timedout", `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
    const asksAgain = this.#wait(timeoutMs, tooLate, requestId);
    this.#child?.kill("SIGCONT");
    this.#api.hand({
      requestId,
      event,
      deadlineMs: Date.now() + timeoutMs,
      functionArn: `arn:aws:lambda:${region}:${ACCOUNT}:function:${name}`,
      traceId: `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${traced};Sampled=0`,
    });
    return asksAgain;
  }

  async stop(): Promise<void> {
    if (this.#child !== undefined) await stop(this.#child, 0);
  }

  async #start(): Promise<void> {
    const api = await this.#api.listen();
    const child = await launchRuntime(this.#configuration, api);
    this.#child = child;
    child.once("exit", (code, signal) => this.#ended(signal ?? `exit status ${code}`));
    const withinMs = START_WITHIN_MS + this.#configuration.timeoutSeconds * 1000;
    await this.#wait(withinMs, new FunctionError("Sandbox.Timedout", `Init timed out after ${withinMs} ms`));
  }

  /** Waits until the process asks for an event, or has ended. Kills a process that takes longer. */
  #wait(withinMs: number, tooLate: FunctionError, requestId?: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const kill = () => {
        this.#failure = tooLate;
        this.#child?.kill("SIGKILL");
      };
      const timer = setTimeout(kill, withinMs);
      this.#waiting = { timer, resolve, reject, ...(requestId !== undefined && { requestId }) };
    });
  }

  #keep(requestId: string, settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    if (waiting?.requestId === requestId) waiting.settle = () => settle(waiting);
  }

  #freeze(): void {
    this.#child?.kill("SIGSTOP");
    this.#settle(({ resolve }) => resolve(undefined));
  }

  #ended(how: string): void {
    this.#failure ??= new FunctionError("Runtime.ExitError", `Runtime exited with ${how}`);
    this.#api.close();
    const failure = this.#failure;
    this.#settle(({ reject }) => reject(failure));
  }

  #settle(otherwise: (waiting: Waiting) => void): void {
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting = undefined;
    if (waiting.settle === undefined) otherwise(waiting);
    else waiting.settle();
  }
}

/** Starts Node with Lambda's variables, and with Lambda's share of the memory for the heap. */
async function launchRuntime(configuration: FunctionConfiguration, api: string): Promise<ChildProcess> {
  const { root, memoryMib, say } = configuration;
  const heap = [
    `--max-old-space-size=${Math.floor(memoryMib * 0.9)}`,
    `--max-semi-space-size=${Math.max(1, Math.floor(memoryMib * 0.025))}`,
  ];
  const env = { ...configuration.environment, ...variablesOfLambda(configuration), AWS_LAMBDA_RUNTIME_API: api };
  const { launch = spawnHere(root) } = configuration;
  const child = await launch([process.execPath, ...heap, RUNTIME], env, api);
  eachLine(child, say);
  return child;
}

function spawnHere(cwd: string): Launch {
  return async ([program, ...args], env) => start(program, args, { cwd, env });
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
function variablesOfLambda({ name, region, root, handler, memoryMib, environment }: FunctionConfiguration) {
  const day = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return {
    _HANDLER: handler,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split(".")[0]}.x`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMib),
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomUUID().replaceAll("-", "")}`,
    AWS_REGION: region,
    LAMBDA_TASK_ROOT: root,
    LANG: "en_US.UTF-8",
    PATH: environment.PATH ?? process.env.PATH ?? "",
    TZ: ":UTC",
  };
}
