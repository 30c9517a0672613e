import { mkdtempSync, rmSync } from "node:fs";
import { isIP } from "node:net";
import os from "node:os";
import path from "node:path";
import { makeCertificate } from "../../programs/certificate";
import type { Deployed } from "../cycle";
import { awsNames, startAwsFront } from "./aws-front";
import { type RunningBalancer, startBalancer } from "./balancer";
import { FUNCTION_STAND_INS, openFunction, type RunningFunction } from "./functions";
import { startHttpApi } from "./http-api";
import { INSTANCE_STAND_INS, instancePlans, startInstance } from "./instances";
import { memcachedNames, type RunningMemcached, startMemcachedCluster } from "./memcached";
import { INTERNET, Paths } from "./paths";
import { Permissions } from "./permissions";
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
  readonly redis: readonly RunningRedis[];
  readonly memcached: readonly RunningMemcached[];
  readonly functions: readonly RunningFunction[];
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
export async function start({ terraform, aws }: Pick<Deployed, "terraform" | "aws">): Promise<Running> {
  const stack = new Stack();
  try {
    const json = await terraform.run("show-state", ["show", "-json"]);
    await stack.start(new AppliedState(json), aws, terraform.folder);
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

  async start(state: AppliedState, double: Deployed["aws"], stackFolder: string): Promise<void> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "used-"));
    this.#stops.push({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
    const [paths, permissions] = [new Paths(state), new Permissions(state)];
    const groups = state.all("aws_elasticache_replication_group");
    const clusters = state.all("aws_elasticache_cluster").filter(({ engine }) => engine === "memcached");
    const [alb] = state.all("aws_lb");
    const url = state.output("url");
    const { hostname } = new URL(url);
    const places = groups.length > 0 ? await redisPlaces(double) : [];
    const services = awsNames(state);
    const caches = [...groups.flatMap((group) => redisNames(group, places)), ...clusters.flatMap(memcachedNames)];
    const certificate = makeCertificate(folder, [
      "localhost",
      ...services,
      ...caches,
      ...(isIP(hostname) ? [] : [hostname]),
    ]);
    const front = this.#keep(await startAwsFront(double, { state, paths, permissions, certificate }));
    const [redis, memcached] = await Promise.all([
      all(groups.map(async (group) => this.#keep(await startRedisGroup(state, group, { certificate, places })))),
      all(clusters.map(async (cluster) => this.#keep(await startMemcachedCluster(state, cluster, certificate)))),
    ]);
    const opened = (close: () => Promise<void>) => void this.#stops.push({ stop: close });
    const surroundings: Surroundings = {
      ...{ state, paths, permissions, double, front, certificate, opened },
      caches: [...redis, ...memcached],
    };
    const functions = state
      .all("aws_lambda_function")
      .map((applied) => openFunction(applied, stackFolder, surroundings));
    if (alb !== undefined) this.#balancer = this.#keep(await startBalancer(state, alb, { certificate, paths }));
    const [instances, tasks] = [await instancePlans(surroundings), taskPlans(state)];
    const starts: Start[] = [
      ...instances.map((plan) => () => startInstance(plan, surroundings)),
      ...tasks.map((plan) => () => startTask(plan, surroundings)),
    ];
    await Promise.race([all(starts.map((begin) => this.#add(begin))), front.failed]);
    const ports = this.#balancer?.ports ?? (await this.#portsWithoutBalancer(surroundings, functions));
    this.#running = {
      ...{ state, url, redis, memcached, functions },
      hosts: new Map([...ports].map(([port, local]) => [`${hostname}:${port}`, local])),
      servers: () => [...this.#servers.keys()],
      standIns: [
        "host names: files of hosts in place of DNS",
        "the role's credentials: keys in variables",
        ...new Set([
          ...[...redis, ...memcached].flatMap(({ standIns }) => standIns),
          ...(instances.length > 0 ? INSTANCE_STAND_INS : []),
          ...(tasks.length > 0 ? TASK_STAND_INS : []),
          ...(functions.length > 0 ? FUNCTION_STAND_INS : []),
          ...(url.startsWith("https:") ? ["the visitors' certificate"] : []),
        ]),
      ],
      refusals: async () => [...front.refused, ...(await all(redis.map((group) => group.refusals()))).flat()],
      replace: (server) => this.#replace(server),
      kill: (server) => this.#kill(server),
      stop: () => this.stop(),
    };
  }

  /** Visitors come to instances themselves, or by an API to a function. */
  async #portsWithoutBalancer(surroundings: Surroundings, functions: readonly RunningFunction[]) {
    const { state, paths, certificate } = surroundings;
    const ports = new Map<number, number>();
    for (const server of this.#servers.keys()) {
      for (const port of server.hostPorts) {
        paths.assertOpen(INTERNET, server.end, port);
        ports.set(port, server.port);
      }
    }
    for (const api of state.all("aws_apigatewayv2_api")) {
      ports.set(443, this.#keep(await startHttpApi(state, api, functions, certificate)).port);
    }
    return ports;
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
