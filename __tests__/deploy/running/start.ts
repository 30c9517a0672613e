import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import os from "node:os";
import path from "node:path";
import { type Certificate, makeCertificate } from "../../programs/certificate";
import type { StrictAws } from "../aws-double/start";
import type { Terraform } from "../terraform";
import { all } from "./all";
import { awsNames, startAwsFront } from "./aws-front";
import { startBalancer } from "./balancer";
import { FUNCTION_STAND_INS, openFunction, type RunningFunction } from "./functions";
import { startHttpApi } from "./http-api";
import { memcachedNames, type RunningMemcached, startMemcachedCluster } from "./memcached";
import { INTERNET, Paths } from "./paths";
import { Permissions } from "./permissions";
import { type RunningRedis, redisNames, redisPlaces, startRedisGroup } from "./redis";
import type { RunningServer } from "./server";
import { serverlessNames, startServerless } from "./serverless";
import { Servers } from "./servers";
import { AppliedState } from "./state";
import type { Surroundings } from "./surroundings";

/** Terraform in the folder that was applied. */
type AppliedFolder = Pick<Terraform, "run" | "folder">;

/** The folder of an applied stack, and the AWS that it was applied to. */
interface AppliedStack {
  readonly terraform: AppliedFolder;
  readonly aws: StrictAws;
}

/** The servers that AWS would run for an applied stack, running here. */
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
  /** The differences from AWS, as text for people. */
  readonly standIns: readonly string[];
  /** The refusals of AWS, Redis and the network so far, as text for people. */
  refusals(): Promise<string[]>;
  /**
   * Another in its place, as a deployment or a group does it: it starts, serves, and then the old one drains and stops.
   *
   * @throws when the new one does not come up; the old one stays.
   */
  replace(server: RunningServer): Promise<RunningServer>;
  /** Ends it at once: its load balancer has to find that out, and nothing comes in its place. */
  kill(server: RunningServer): Promise<void>;
  /**
   * Becomes what AWS makes of it once an edit of the stack is applied: users have their new rights, functions their new
   * code, servers whose plan is another are replaced as their service or group replaces them.
   *
   * @param terraform - in the folder that was applied.
   * @throws when a new server does not come up.
   */
  follow(terraform: AppliedFolder): Promise<void>;
  /** Another certificate, by another CA that everybody trusts too, in each node of each replication group. */
  renewCertificates(): Promise<void>;
  /** Whether what goes by a NAT gateway is lost. */
  setNatLost(isLost: boolean): void;
  stop(): Promise<void>;
}

/**
 * Starts, from the applied state and not from what made it, what AWS would start.
 *
 * @throws naming what did not come up, or what nothing opens.
 */
export async function start({ terraform, aws }: AppliedStack): Promise<Running> {
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
  #running: Running | undefined;

  get running(): Running {
    return this.#running as Running;
  }

  async start(state: AppliedState, double: StrictAws, stackFolder: string): Promise<void> {
    const folder = mkdtempSync(path.join(os.tmpdir(), "used-"));
    this.#stops.push({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
    const [paths, permissions] = [new Paths(state), new Permissions(state)];
    const groups = state.all("aws_elasticache_replication_group");
    const serverless = state.all("aws_elasticache_serverless_cache").filter(({ engine }) => engine !== "memcached");
    const clusters = state.all("aws_elasticache_cluster").filter(({ engine }) => engine === "memcached");
    const [alb] = state.all("aws_lb");
    const url = state.output("url");
    const { hostname } = new URL(url);
    const places = groups.length > 0 ? await redisPlaces(double) : [];
    const services = awsNames(state);
    const caches = [
      ...groups.flatMap((group) => redisNames(group, places)),
      ...serverless.flatMap(serverlessNames),
      ...clusters.flatMap(memcachedNames),
    ];
    const names = ["localhost", ...services, ...caches, ...(isIP(hostname) ? [] : [hostname])];
    const [certificate, next] = makeCertificates(folder, names);
    const front = this.#keep(await startAwsFront(double, { state, paths, permissions, certificate }));
    const [groupsOfNodes, withoutNodes, memcached] = await Promise.all([
      all(groups.map(async (group) => this.#keep(await startRedisGroup(state, group, { certificate, places })))),
      all(serverless.map(async (cache) => this.#keep(await startServerless(state, cache, { certificate, front })))),
      all(clusters.map(async (cluster) => this.#keep(await startMemcachedCluster(state, cluster, certificate)))),
    ]);
    const redis = [...groupsOfNodes, ...withoutNodes];
    const opened = (close: () => Promise<void>) => void this.#stops.push({ stop: close });
    const surroundings: Surroundings = {
      ...{ state, paths, permissions, double, front, certificate, opened },
      caches: [...redis, ...memcached],
    };
    const functions = await all(
      state.all("aws_lambda_function").map((applied) => openFunction(applied, stackFolder, surroundings)),
    );
    const balancer = alb && this.#keep(await startBalancer(state, alb, { certificate, paths }));
    const servers = new Servers(surroundings, balancer);
    await Promise.race([servers.start(), front.failed]);
    const ports = balancer?.ports ?? (await this.#portsWithoutBalancer(surroundings, servers.all(), functions));
    this.#running = {
      ...{ state, url, redis, memcached, functions },
      hosts: new Map([...ports].map(([port, local]) => [`${hostname}:${port}`, local])),
      servers: () => servers.all(),
      standIns: [
        "host names: files of hosts in place of DNS",
        "the role's credentials: keys in variables",
        ...new Set([
          ...[...redis, ...memcached].flatMap(({ standIns }) => standIns),
          ...servers.standIns,
          ...(functions.length > 0 ? FUNCTION_STAND_INS : []),
          ...(url.startsWith("https:") ? ["the visitors' certificate"] : []),
        ]),
      ],
      refusals: async () => [...front.refused, ...(await all(redis.map((group) => group.refusals()))).flat()],
      replace: (server) => servers.replace(server),
      kill: (server) => servers.kill(server),
      async follow(terraform) {
        state.become(await terraform.run("show-state", ["show", "-json"]));
        // As Terraform orders them: rights, then what needs them.
        await all(redis.map((group) => group.follow()));
        for (const one of functions) await one.follow(terraform.folder);
        await servers.follow();
      },
      renewCertificates: async () => void (await all(redis.map((group) => group.renew(next)))),
      setNatLost(isLost) {
        paths.natIsLost = isLost;
      },
      stop: () => this.stop(),
    };
  }

  /** Visitors come to instances themselves, or by an API to a function. */
  async #portsWithoutBalancer(
    surroundings: Surroundings,
    servers: readonly RunningServer[],
    functions: readonly RunningFunction[],
  ) {
    const { state, paths, certificate } = surroundings;
    const ports = new Map<number, number>();
    for (const server of servers) {
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

  /** Stops all of it in reverse order, after a failure too. */
  async stop(): Promise<void> {
    for (const stoppable of this.#stops.splice(0).reverse()) await stoppable.stop().catch(() => {});
  }

  #keep<T extends Stoppable>(stoppable: T): T {
    this.#stops.push(stoppable);
    return stoppable;
  }
}

/** Two certificates of the same names, each by a CA of its own; everybody trusts both, as they trust Amazon's several. */
function makeCertificates(folder: string, names: readonly string[]): [Certificate, Certificate] {
  const made = ["now", "next"].map((name) => {
    const own = path.join(folder, name);
    mkdirSync(own);
    return makeCertificate(own, names);
  });
  const ca = path.join(folder, "trusted.pem");
  writeFileSync(ca, made.map((one) => readFileSync(one.ca, "utf8")).join(""));
  return made.map((one) => ({ ...one, ca })) as [Certificate, Certificate];
}
