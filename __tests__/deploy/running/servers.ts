import { all } from "./all";
import type { RunningBalancer } from "./balancer";
import { INSTANCE_STAND_INS, type InstancePlan, instancePlans, startInstance } from "./instances";
import { roll } from "./rollout";
import type { RunningServer } from "./server";
import type { Surroundings } from "./surroundings";
import { type TaskPlan, taskPlans } from "./task-plans";
import { startTask, TASK_STAND_INS } from "./tasks";

/** A server as a state wants it; it can be started, and started again. */
interface Wanted {
  readonly plan: InstancePlan | TaskPlan;
  start(): Promise<RunningServer>;
}

/** Instances and tasks that run, behind their load balancer where there is one. */
export class Servers {
  readonly #running = new Map<RunningServer, Wanted>();
  readonly #surroundings: Surroundings;
  readonly #balancer: RunningBalancer | undefined;
  #standIns: readonly string[] = [];

  constructor(surroundings: Surroundings, balancer: RunningBalancer | undefined) {
    this.#surroundings = surroundings;
    this.#balancer = balancer;
  }

  /** Those that serve now. */
  all(): readonly RunningServer[] {
    return [...this.#running.keys()];
  }

  /** The differences from AWS. */
  get standIns(): readonly string[] {
    return this.#standIns;
  }

  /** Starts what the state wants. @throws when one does not come up. */
  async start(): Promise<void> {
    const { instances, tasks } = await this.#wanted();
    this.#standIns = [...(instances.length > 0 ? INSTANCE_STAND_INS : []), ...(tasks.length > 0 ? TASK_STAND_INS : [])];
    await all([...instances, ...tasks].map((wanted) => this.#add(wanted)));
  }

  /**
   * Replaces those whose plan is another in the state now, as their service or group replaces them.
   *
   * @throws when a new one does not come up.
   */
  async follow(): Promise<void> {
    const { instances, tasks } = await this.#wanted();
    const wanted = [...instances, ...tasks];
    const groups = new Set(wanted.map(({ plan }) => plan.rollout.group));
    await all([...groups].map((group) => this.#roll(wanted.filter(({ plan }) => plan.rollout.group === group))));
  }

  /** Another in its place, of the same plan. @throws when that does not come up; this one stays. */
  async replace(server: RunningServer): Promise<RunningServer> {
    const wanted = this.#running.get(server);
    if (wanted === undefined) throw new Error(`${server.name} does not run`);
    const next = await this.#add(wanted);
    await this.#retire(server);
    return next;
  }

  /** Ends it at once; its load balancer has to find that out. */
  async kill(server: RunningServer): Promise<void> {
    this.#running.delete(server);
    await server.kill();
  }

  async #wanted(): Promise<{ readonly instances: readonly Wanted[]; readonly tasks: readonly Wanted[] }> {
    const surroundings = this.#surroundings;
    const instances = await instancePlans(surroundings);
    return {
      instances: instances.map((plan) => ({ plan, start: () => startInstance(plan, surroundings) })),
      tasks: taskPlans(surroundings.state).map((plan) => ({ plan, start: () => startTask(plan, surroundings) })),
    };
  }

  /** @param wanted - all servers of one service or group. */
  async #roll(wanted: readonly Wanted[]): Promise<void> {
    const [{ plan }] = wanted as [Wanted];
    const { group } = plan.rollout;
    const running = () => [...this.#running].filter(([, one]) => one.plan.rollout.group === group);
    const isAmong = (others: readonly Wanted[], one: Wanted) =>
      others.some((other) => JSON.stringify(other.plan) === JSON.stringify(one.plan));
    const there = running().map(([, one]) => one);
    await roll(plan.rollout, {
      wanted: wanted.length,
      count: () => running().length,
      old: running().flatMap(([server, one]) => (isAmong(wanted, one) ? [] : [server])),
      next: wanted.filter((one) => !isAmong(there, one)),
      add: (one) => this.#add(one),
      retire: (server) => this.#retire(server),
    });
  }

  async #add(wanted: Wanted): Promise<RunningServer> {
    const server = await wanted.start();
    this.#running.set(server, wanted);
    if (server.targetGroup === undefined) return server;
    try {
      await this.#balancer?.add(server);
    } catch (error) {
      await this.kill(server);
      await this.#balancer?.remove(server);
      throw error;
    }
    return server;
  }

  /** As a deployment does it: it drains, then stops. */
  async #retire(server: RunningServer): Promise<void> {
    this.#running.delete(server);
    await this.#balancer?.remove(server);
    await server.stop();
  }
}
