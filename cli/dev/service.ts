import type { ChildProcess } from "node:child_process";
import path from "node:path";
import type { EnvironmentVariables } from "../../environment";
import { FailedError } from "../machine/failed-error";
import { eachLine, hasEnded, start, stop } from "../machine/programs";
import type { LoadBalancer, Target } from "./load-balancer";
import { freePort } from "./program";

const BUNDLE = path.join(__dirname, "..", "..", "webapp", "dist", "session-app.js");
/** A task that is not healthy by then has failed; the one before stays. Milliseconds. */
const HEALTHY_WITHIN_MS = 30_000;
/** ECS kills what has not stopped by then. Milliseconds. */
const STOP_WITHIN_MS = 30_000;
/** What ends again and again is not started in a tight loop. Milliseconds. */
const RESTART_AFTER_MS = 500;
const POLL_MS = 20;

interface Task {
  readonly host: string;
  readonly process: ChildProcess;
  readonly target: Target;
}

/** Settings of an ECS service that runs on this machine. */
export interface ServiceProps {
  /** First part of its tasks' host names. */
  readonly name: string;
  /** The target group it registers its tasks in. */
  readonly group: string;
  readonly balancer: LoadBalancer;
  readonly environment: EnvironmentVariables;
  /** Told what happens, in one line. */
  readonly say: (line: string) => void;
}

/**
 * Plays an ECS service of one task: the built app as a process, registered with the load balancer. A task that ends is
 * replaced; a deployment starts the new task first and stops the old one when no request is under way there any more.
 */
export class Service {
  readonly #props: ServiceProps;
  #task: Task | undefined;
  #number = 0;
  #stopping = false;
  #deployment: Promise<void> = Promise.resolve();

  constructor(props: ServiceProps) {
    this.#props = props;
  }

  /**
   * Starts a new task and, once that is healthy, stops the one before. One deployment at a time.
   *
   * @throws when the new task never is healthy; the one before stays then.
   */
  deploy(): Promise<void> {
    this.#deployment = this.#deployment.catch(() => {}).then(() => this.#replace());
    return this.#deployment;
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#deployment.catch(() => {});
    if (this.#task !== undefined) await this.#retire(this.#task);
  }

  async #replace(): Promise<void> {
    if (this.#stopping) return;
    const before = this.#task;
    this.#task = await this.#start();
    if (before !== undefined) await this.#retire(before);
  }

  async #start(): Promise<Task> {
    const { name, group, balancer, environment, say } = this.#props;
    const host = `${name}-${++this.#number}`;
    const port = await freePort();
    const variables = { ...environment, HOST: "127.0.0.1", PORT: String(port), SHOWN_HOST: host };
    const env = { ...process.env, ...variables } satisfies EnvironmentVariables;
    const child = start(process.execPath, [BUNDLE], { env });
    eachLine(child, (line) => say(`${host}: ${line}`));
    const task = { host, process: child, target: balancer.register(group, `http://127.0.0.1:${port}`) };
    child.once("exit", () => void this.#ended(task));
    try {
      await this.#healthy(task);
    } catch (error) {
      await this.#retire(task);
      throw error;
    }
    say(`${host}: healthy, process ${child.pid}, ${task.target.url}`);
    return task;
  }

  async #healthy(task: Task): Promise<void> {
    const end = Date.now() + HEALTHY_WITHIN_MS;
    while (task.target.state !== "healthy") {
      if (this.#stopping || hasEnded(task.process) || Date.now() > end) {
        throw new FailedError(`${task.host}: did not become healthy`);
      }
      await pause(POLL_MS);
    }
  }

  /** In the order of ECS: no new requests, those under way end, then SIGTERM. */
  async #retire(task: Task): Promise<void> {
    await this.#props.balancer.deregister(task.target);
    await stop(task.process, STOP_WITHIN_MS);
  }

  async #ended(task: Task): Promise<void> {
    const { say, balancer } = this.#props;
    say(`${task.host}: ended with ${task.process.signalCode ?? task.process.exitCode}`);
    await balancer.deregister(task.target);
    while (!this.#stopping && this.#task === task) {
      await pause(RESTART_AFTER_MS);
      try {
        if (this.#task === task) await this.deploy();
      } catch (error) {
        say(error instanceof Error ? error.message : String(error));
      }
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
