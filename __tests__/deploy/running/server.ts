import type { End } from "./paths";

/** A server of the app: an instance, or a task. */
export interface RunningServer {
  /** For people: an instance's name, a task's service and number. */
  readonly name: string;
  readonly end: End;
  readonly zone: string;
  /** Port of this machine that leads to the app. */
  readonly port: number;
  /** ARN of the target group it serves in; none when visitors come to it themselves. */
  readonly targetGroup: string | undefined;
  /** Ports a load balancer may have to reach it by. */
  readonly hostPorts: readonly number[];
  /** Whether it still runs: a service manager starts an app again, ECS a task elsewhere. */
  isAlive(): boolean;
  /** Process id of the app. */
  pid(): number;
  /** The output of the app and its setup so far. */
  output(): string;
  /** Ends it at once, as a zone that fails does. */
  kill(): Promise<void>;
  /** Ends it as its service manager does: SIGTERM, then what is under way ends. */
  stop(): Promise<void>;
}
