import { type FunctionConfiguration, FunctionProcess } from "./function-process";
import { FunctionError } from "./runtime-api";

/** Settings of a function that runs on this machine. */
export interface LocalFunctionProps extends FunctionConfiguration {
  /** Invocations at a time; more are turned away. @default 10 - as much as a new AWS account has in all */
  readonly mostAtOnce?: number;
}

/**
 * Plays Lambda for one function: a process for each invocation that runs at a time, kept and used again. Who waited
 * longest is used first, so that visitors wander from process to process.
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

  /** Processes that are there, frozen ones too. */
  get processes(): readonly FunctionProcess[] {
    return [...this.#processes];
  }

  /**
   * Answers as the handler does.
   *
   * @throws {FunctionError} what the handler threw; `TooManyRequestsException` when so many run already.
   */
  async invoke(event: unknown): Promise<unknown> {
    const process = this.#takeIdle() ?? (await this.#start());
    try {
      return await process.invoke(event);
    } finally {
      this.#release(process);
    }
  }

  /** Has so many processes started and idle, as provisioned concurrency does. */
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
