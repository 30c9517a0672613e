import type { ChildProcess } from "node:child_process";
import path from "node:path";
import type { EnvironmentVariables } from "../../environment";
import { FailedError } from "../machine/failed-error";
import { eachLine, hasEnded, start, stop } from "../machine/programs";
import type { LoadBalancer, Target } from "./load-balancer";
import { onFreePort } from "./program";

const BUNDLE = path.join(__dirname, "..", "..", "webapp", "dist", "session-app.js");
/** Longest time of a new task to become healthy. After it, the deployment fails, and the old task stays. Milliseconds. */
const HEALTHY_WITHIN_MS = 30_000;
/** Stop timeout, after which ECS kills a task. Milliseconds. */
const STOP_WITHIN_MS = 30_000;
/** Pause before a restart, so that a task that ends at once does not restart in a tight loop. Milliseconds. */
const RESTART_AFTER_MS = 500;
const POLL_MS = 20;
/** ECS sets this variable in each container, by which the app's pages number containers. */
const SET_BY_ECS = { ECS_CONTAINER_METADATA_URI_V4: "http://127.0.0.1/v4" };

interface Task {
  readonly host: string;
  readonly process: ChildProcess;
  readonly target: Target;
}

/** Settings of an ECS service that runs on this machine. */
export interface ServiceProps {
  /** First part of the host names of its tasks. */
  readonly name: string;
  /** Target group of its tasks. */
  readonly group: string;
  readonly balancer: LoadBalancer;
  readonly environment: EnvironmentVariables;
  /** Gets a line for each event. */
  readonly say: (line: string) => void;
}

/**
 * A local ECS service of one task: the built app as a process, registered with the load balancer. A task that ends is replaced. A
 * deployment starts the new task first, and stops the old one after its current requests.
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
   * Starts a new task, and stops the old one once the new one is healthy. One deployment at a time.
   *
   * @throws when the new task does not become healthy. The old one then stays.
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

  #start(): Promise<Task> {
    const host = `${this.#props.name}-${++this.#number}`;
    return onFreePort((port) => this.#startOn(port, host));
  }

  async #startOn(port: number, host: string): Promise<Task> {
    const { group, balancer, environment, say } = this.#props;
    const variables = { ...environment, HOST: "127.0.0.1", PORT: String(port), SHOWN_HOST: host };
    const env = { ...process.env, ...SET_BY_ECS, ...variables } satisfies EnvironmentVariables;
    const child = start(process.execPath, [BUNDLE], { env });
    let last = "";
    eachLine(child, (line) => {
      last = line;
      say(`${host}: ${line}`);
    });
    const task = { host, process: child, target: balancer.register(group, `http://127.0.0.1:${port}`) };
    child.once("exit", () => void this.#ended(task));
    try {
      await this.#healthy(task);
    } catch (error) {
      await this.#retire(task);
      throw hasEnded(child) && last !== "" ? new FailedError(`${(error as Error).message}: ${last}`) : error;
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

  /** Stops a task in the order of ECS: no new requests, end of the current ones, then SIGTERM. */
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
