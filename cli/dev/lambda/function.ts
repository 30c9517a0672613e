import { type FunctionConfiguration, FunctionProcess } from "./function-process";
import { FunctionError } from "./runtime-api";

/** Settings of a function that runs on this machine. */
export interface LocalFunctionProps extends FunctionConfiguration {
  /** The most invocations at a time. More are throttled. @default 10 - the concurrency of a new AWS account */
  readonly mostAtOnce?: number;
}

/**
 * A local Lambda for one function, with a process for each concurrent invocation. Processes are used again, the one with the longest idle
 * time first, so that requests of a visitor reach different processes.
 */
export class LocalFunction {
  readonly #props: LocalFunctionProps;
  readonly #idle: FunctionProcess[] = [];
  readonly #processes = new Set<FunctionProcess>();
  #starting = 0;
  #started = 0;
  #stopped = false;

  constructor(props: LocalFunctionProps) {
    this.#props = props;
  }

  /** The number of processes, including frozen ones. */
  get processes(): readonly FunctionProcess[] {
    return [...this.#processes];
  }

  /**
   * Returns the handler's answer.
   *
   * @throws {FunctionError} with the handler's error, or `TooManyRequestsException` at the limit of concurrency.
   */
  async invoke(event: unknown): Promise<unknown> {
    const process = this.#takeIdle() ?? (await this.#start());
    try {
      return await process.invoke(event);
    } finally {
      this.#release(process);
    }
  }

  /** Starts this number of idle processes, as provisioned concurrency does. */
  async warm(count: number): Promise<void> {
    const missing = Math.max(0, count - this.#processes.size - this.#starting);
    const started = await Promise.all(Array.from({ length: missing }, () => this.#start()));
    for (const process of started) this.#release(process);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.processes.map((process) => process.stop()));
  }

  #takeIdle(): FunctionProcess | undefined {
    for (;;) {
      const process = this.#idle.shift();
      if (process === undefined || !process.hasEnded) return process;
      this.#processes.delete(process);
    }
  }

  async #start(): Promise<FunctionProcess> {
    const { mostAtOnce = 10, name, say } = this.#props;
    if (this.#processes.size + this.#starting >= mostAtOnce) {
      throw new FunctionError("TooManyRequestsException", "Rate Exceeded.");
    }
    const number = ++this.#started;
    const sayWho = (line: string) => say(`${name}-${number}: ${line}`);
    this.#starting += 1;
    try {
      const process = await FunctionProcess.start({ ...this.#props, say: sayWho });
      this.#processes.add(process);
      if (this.#stopped) await process.stop();
      return process;
    } finally {
      this.#starting -= 1;
    }
  }

  #release(process: FunctionProcess): void {
    if (process.hasEnded) this.#processes.delete(process);
    else this.#idle.push(process);
  }
}
