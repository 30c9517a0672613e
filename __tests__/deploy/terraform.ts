import { spawn } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import path from "node:path";
import { type ProviderProcess, startProvider } from "./provider-process";

/** A step of Terraform's that ended otherwise than it should; the message holds what Terraform said. */
export class StepFailed extends Error {
  override readonly name = "StepFailed";
}

export interface TerraformOptions {
  /** The root module. */
  readonly folder: string;
  /** Where each step's output goes, as `<step>.log`. */
  readonly logs: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Told every 20 seconds how far a step is. */
  readonly progress: (line: string) => void;
  /** After how long a step is ended. Milliseconds. @default 600000 */
  readonly stepMs?: number;
  /** Ends the step that runs, as Ctrl-C does; steps that begin afterwards run. @default - a step ends by itself alone */
  readonly signal?: AbortSignal;
}

const PROGRESS_MS = 20_000;
const STEP_MS = 600_000;
const SHOWN_LINES = 40;
/** `plan -detailed-exitcode`: success, with changes. */
const CHANGES = 2;
/** A third of what Terraform and its provider compute is looking for garbage among schemas that stay: less often, then. */
const GARBAGE = { GOGC: "400", GOMEMLIMIT: "500MiB" };

/** Terraform in one folder. */
export class Terraform {
  readonly folder: string;
  readonly #options: TerraformOptions;
  #provider: ProviderProcess | undefined;

  constructor(options: TerraformOptions) {
    this.folder = options.folder;
    this.#options = { ...options, environment: { ...GARBAGE, ...options.environment } };
  }

  /** The same in another folder, which keeps no provider yet. */
  in(folder: string): Terraform {
    return new Terraform({ ...this.#options, folder });
  }

  /**
   * From here on, one process of the provider that init chose answers all commands in this folder. It runs in it, as
   * those that Terraform starts do: it reads the stack's files there.
   */
  async keepProvider(): Promise<void> {
    const { folder, logs, environment } = this.#options;
    const log = path.join(logs, `provider-${path.basename(folder)}.log`);
    this.#provider = await startProvider(folder, { environment, log });
  }

  /** Ends what it keeps. */
  async stop(): Promise<void> {
    await this.#provider?.stop();
    this.#provider = undefined;
  }

  async init(): Promise<void> {
    await this.run("init", ["init", "-input=false"]);
  }

  /**
   * @param plan - the plan to apply. @default - one made for it
   * @returns number of resources added.
   */
  async apply(step: string, ...plan: string[]): Promise<number> {
    const output = await this.run(step, ["apply", "-auto-approve", "-input=false", "-parallelism=20", ...plan]);
    return Number(/Apply complete! Resources: (\d+) added/.exec(output)?.[1] ?? 0);
  }

  /** @throws {StepFailed} when the plan has a change; the message shows it. */
  async planNothing(step: string, ...args: string[]): Promise<void> {
    await this.run(step, ["plan", "-detailed-exitcode", "-input=false", ...args]);
  }

  /** @throws {StepFailed} when something is left in the state afterwards. */
  async destroy(step: string): Promise<void> {
    await this.run(step, ["destroy", "-auto-approve", "-input=false", "-parallelism=20"]);
    const left = (await this.run(`${step}-left`, ["state", "list"])).trim();
    if (left !== "") throw new StepFailed(`${step}: still in the state:\n${left}`);
  }

  /** Runs a command to its end, with a bound. @returns its standard output. */
  async run(step: string, args: readonly string[]): Promise<string> {
    const { folder, logs, environment, progress, stepMs = STEP_MS, signal } = this.#options;
    const log = path.join(logs, `${step}.log`);
    const file = createWriteStream(log);
    const [verb = "", ...rest] = args;
    const command = verb === "show" || verb === "state" ? args : [verb, "-no-color", ...rest];
    // With a provider that runs, init would install none.
    const env = { ...environment, ...(args[0] !== "init" && this.#provider?.variables) };
    // It can wait; visitors of what is deployed cannot.
    const child = spawn("nice", ["terraform", ...command], {
      cwd: folder,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      // In a process group of its own, the terminal's Ctrl-C does not reach it.
      detached: signal !== undefined,
    });
    const interrupt = () => void child.kill("SIGINT");
    signal?.addEventListener("abort", interrupt);
    const started = Date.now();
    let output = "";
    child.stdout.on("data", (chunk) => {
      output += chunk;
    });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    const told = setInterval(() => progress(`${step} ${seconds(started)} s${lastLine(output)}`), PROGRESS_MS);
    const bound = setTimeout(() => child.kill("SIGTERM"), stepMs);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (status) => resolve(status));
    });
    clearInterval(told);
    clearTimeout(bound);
    signal?.removeEventListener("abort", interrupt);
    await new Promise((resolve) => file.end(resolve));
    if (code !== 0) throw new StepFailed(`${step}: ${whatWentWrong(readFileSync(log, "utf8"), code, stepMs)}`);
    return output;
  }
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

/** The line that says what Terraform waits for, shortened. */
function lastLine(output: string): string {
  const line = output.trimEnd().split("\n").at(-1)?.trim() ?? "";
  return line === "" ? "" : `: ${line.slice(0, 100)}`;
}

/** The part of Terraform's output that says it: errors, or the changes of a plan that should have none. */
function whatWentWrong(output: string, code: number | null, stepMs: number): string {
  if (code === CHANGES) return `the plan is not empty\n${excerpt(output, /^ {2}# /m)}`;
  if (code === null) return `not done within ${stepMs / 1000} s\n${output.split("\n").slice(-SHOWN_LINES).join("\n")}`;
  return `exit ${code}\n${excerpt(output, /Error:|panic/)}`;
}

function excerpt(output: string, from: RegExp): string {
  const start = Math.max(output.search(from), 0);
  return output.slice(start).split("\n").slice(0, SHOWN_LINES).join("\n");
}
