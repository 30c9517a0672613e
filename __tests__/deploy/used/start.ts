import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { makeCertificate } from "../../programs/certificate";
import type { Deployed } from "../cycle";
import { region } from "../variants";
import { awsNames, startAwsFront } from "./aws-front";
import { type RunningBalancer, startBalancer } from "./balancer";
import { INSTANCE_STAND_INS, instancePlans, startInstance } from "./instances";
import { INTERNET, Paths } from "./paths";
import { type RunningRedis, redisNames, redisPlaces, startRedisGroup } from "./redis";
import type { RunningServer } from "./server";
import { AppliedState } from "./state";
import type { Surroundings } from "./surroundings";
import { taskPlans } from "./task-plans";
import { startTask, TASK_STAND_INS } from "./tasks";

/** What AWS would run of an applied stack, running here. */
export interface Running {
  readonly state: AppliedState;
  /** Where visitors go: the stack's own output. */
  readonly url: string;
  /** Ports of this machine by host and port as visitors know them: what DNS is. */
  readonly hosts: ReadonlyMap<string, number>;
  readonly caches: readonly RunningRedis[];
  /** Instances and tasks that serve now. */
  servers(): readonly RunningServer[];
  /** What is not as on AWS, for people. */
  readonly standIns: readonly string[];
  /** What of AWS, Redis or the network refused something so far, for people. */
  refusals(): Promise<string[]>;
  /**
   * Another in its place, as a deployment or a group does it: it starts, serves, and then the old one drains and stops.
   *
   * @throws when the new one does not come up; the old one stays.
   */
  replace(server: RunningServer): Promise<RunningServer>;
  /** Ends it at once and takes it out of its load balancer; nothing comes in its place. */
  kill(server: RunningServer): Promise<void>;
  stop(): Promise<void>;
}

/** A server that can be started, and started again. */
type Start = () => Promise<RunningServer>;

/**
 * Starts, from the applied state and not from what made it, what AWS would start.
 *
 * @throws naming what did not come up, or what nothing opens.
 */
export async function start({ terraform, aws }: Deployed): Promise<Running> {
  const stack = new Stack();
  try {
    const json = await terraform.run("show-state", ["show", "-json"]);
    await stack.start(new AppliedState(json), aws);
    return stack.running;
  } catch (error) {
    await stack.stop();
    throw error;
  }
}

type Stoppable = { stop(): Promise<void> };

class Stack {
  readonly #stops: Stoppable[] = [];
  readonly #servers = new Map<RunningServer, Start>();
  #balancer: RunningBalancer | undefined;
  #running: Running | undefined;

  get running(): Running {
    return this.#running as Running;
  }

  async start(state: AppliedState, double: Deployed["aws"]): Promise<void> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "used-"));
    this.#stops.push({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
    const paths = new Paths(state);
    const groups = state.all("aws_elasticache_replication_group");
    const [alb] = state.all("aws_lb");
    const places = groups.length > 0 ? await redisPlaces(double) : [];
    const names = [
      ...awsNames(state, region()),
      ...groups.flatMap((group) => redisNames(group, places)),
      ...(alb === undefined ? [] : [alb.dns_name]),
    ];
    const certificate = makeCertificate(folder, ["localhost", ...names]);
    const front = this.#keep(await startAwsFront(double, { certificate, names: awsNames(state, region()), paths }));
    const caches = await all(
      groups.map(async (group) => this.#keep(await startRedisGroup(state, group, { certificate, places }))),
    );
    const opened = (close: () => Promise<void>) => void this.#stops.push({ stop: close });
    const surroundings: Surroundings = { state, paths, double, front, caches, certificate, opened };
    if (alb !== undefined) this.#balancer = this.#keep(await startBalancer(state, alb, { certificate, paths }));
    const [instances, tasks] = [await instancePlans(surroundings), taskPlans(state)];
    const starts: Start[] = [
      ...instances.map((plan) => () => startInstance(plan, surroundings)),
      ...tasks.map((plan) => () => startTask(plan, surroundings)),
    ];
    await Promise.race([all(starts.map((begin) => this.#add(begin))), front.failed]);
    const servers = [...this.#servers.keys()];
    const url = state.output("url");
    const { hostname } = new URL(url);
    if (alb === undefined)
      for (const server of servers) for (const port of server.hostPorts) paths.assertOpen(INTERNET, server.end, port);
    const ports =
      this.#balancer?.ports ?? new Map(servers.flatMap(({ hostPorts, port }) => hostPorts.map((own) => [own, port])));
    this.#running = {
      state,
      url,
      hosts: new Map([...ports].map(([port, local]) => [`${hostname}:${port}`, local])),
      caches,
      servers: () => [...this.#servers.keys()],
      standIns: [
        "host names: files of hosts in place of DNS",
        ...new Set([
          ...caches.flatMap(({ standIns }) => standIns),
          ...(instances.length > 0 ? INSTANCE_STAND_INS : []),
          ...(tasks.length > 0 ? TASK_STAND_INS : []),
          ...(url.startsWith("https:") ? ["the load balancer's certificate"] : []),
        ]),
      ],
      refusals: async () => [...front.refused, ...(await all(caches.map((cache) => cache.refusals()))).flat()],
      replace: (server) => this.#replace(server),
      kill: (server) => this.#kill(server),
      stop: () => this.stop(),
    };
  }

  /** In reverse order; all of it, whatever fails. */
  async stop(): Promise<void> {
    this.#servers.clear();
    for (const stoppable of this.#stops.splice(0).reverse()) await stoppable.stop().catch(() => {});
  }

  #keep<T extends Stoppable>(stoppable: T): T {
    this.#stops.push(stoppable);
    return stoppable;
  }

  async #add(begin: Start): Promise<RunningServer> {
    const server = await begin();
    this.#servers.set(server, begin);
    if (server.targetGroup === undefined) return server;
    try {
      await this.#balancer?.add(server);
    } catch (error) {
      await this.#kill(server);
      throw error;
    }
    return server;
  }

  async #replace(server: RunningServer): Promise<RunningServer> {
    const begin = this.#servers.get(server);
    if (begin === undefined) throw new Error(`${server.name} does not run`);
    const next = await this.#add(begin);
    await this.#balancer?.remove(server);
    this.#servers.delete(server);
    await server.stop();
    return next;
  }

  async #kill(server: RunningServer): Promise<void> {
    this.#servers.delete(server);
    await server.kill();
    await this.#balancer?.remove(server);
  }
}

/** All of them, begun or failed, before the first failure is told: what began must be known, to be stopped. */
async function all<T>(begun: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(begun);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return settled.map((one) => (one as PromiseFulfilledResult<T>).value);
}
