import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { type Listener, parseMatcher } from "../../../cli/dev/listener";
import { LoadBalancer, type Target } from "../../../cli/dev/load-balancer";
import { until } from "../../harness/poll";
import type { Certificate } from "../../programs/certificate";
import { type End, INTERNET, type Paths } from "./paths";
import type { RunningServer } from "./server";
import type { Applied, AppliedState } from "./state";

/** A load balancer as applied: its listeners and rules, in front of the servers that are put behind it. */
export interface RunningBalancer {
  /** Port of this machine by the listener's. */
  readonly ports: ReadonlyMap<number, number>;
  /** Sends requests to a server from its first passed health check on; resolves then. @throws when it never passes. */
  add(server: RunningServer): Promise<void>;
  /** Sends no more requests to it; resolves when those under way have ended. */
  remove(server: RunningServer): Promise<void>;
  stop(): Promise<void>;
}

/** Between two health checks: an ALB's seconds would make the proof wait. */
const CHECK_EVERY_MS = 100;

interface Playing {
  readonly port: number;
  readonly local: number;
  readonly balancer?: LoadBalancer;
  stop(): Promise<void>;
}

/** @throws {Closed} when a listener's port is closed to visitors. */
export async function startBalancer(
  state: AppliedState,
  alb: Applied,
  { certificate, paths }: { readonly certificate: Certificate; readonly paths: Paths },
): Promise<RunningBalancer> {
  const end: End = { name: `load balancer ${alb.name}`, securityGroups: alb.security_groups, subnetId: alb.subnets[0] };
  const listeners = state.all("aws_lb_listener").filter(({ load_balancer_arn }) => load_balancer_arn === alb.arn);
  for (const { port } of listeners) paths.assertOpen(INTERNET, end, port);
  const playing = await Promise.all(listeners.map((listener) => play(state, listener, certificate)));
  const forwarding = playing.flatMap(({ balancer }) => balancer ?? []);
  const targets = new Map<RunningServer, readonly (readonly [LoadBalancer, Target])[]>();
  return {
    ports: new Map(playing.map(({ port, local }) => [port, local])),
    async add(server) {
      const { name, targetGroup, port, hostPorts } = server;
      for (const hostPort of hostPorts) paths.assertOpen(end, server.end, hostPort);
      const url = `http://127.0.0.1:${port}`;
      const own = forwarding.map((balancer) => [balancer, balancer.register(targetGroup as string, url)] as const);
      targets.set(server, own);
      const { path, matcher } = findHealthCheck(state, targetGroup as string);
      const healthy = () => own.every(([, target]) => target.state === "healthy");
      await until(() => healthy() || !server.isAlive(), name).catch(() => {});
      if (!healthy()) throw new Error(`${name}: ${path} does not answer ${matcher}; it said:\n${server.output()}`);
    },
    async remove(server) {
      await Promise.all((targets.get(server) ?? []).map(([balancer, target]) => balancer.deregister(target)));
      targets.delete(server);
    },
    async stop() {
      await Promise.all(playing.map((listener) => listener.stop()));
    },
  };
}

async function play(state: AppliedState, listener: Applied, certificate: Certificate): Promise<Playing> {
  const { port, protocol, default_action } = listener;
  const [{ type }] = default_action;
  if (type === "redirect") return redirect(port, default_action[0].redirect[0]);
  if (type !== "forward") throw new Error(`listener ${port}: an action of type ${type} is not played here`);
  const tls = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };
  const balancer = new LoadBalancer(readListener(state, listener), {
    checkEveryMs: CHECK_EVERY_MS,
    ...(protocol === "HTTPS" && { tls }),
  });
  const local = Number(new URL(await balancer.listen(0)).port);
  return { port, local, balancer, stop: () => balancer.close() };
}

/** To the same place by another scheme. */
async function redirect(port: number, to: Applied): Promise<Playing> {
  const server = http.createServer(({ headers, url }, response) => {
    const host = headers.host?.replace(/:\d+$/, "");
    const location = `${to.protocol.toLowerCase()}://${host}${to.port === "443" ? "" : `:${to.port}`}${url}`;
    response.writeHead(Number(to.status_code.replace("HTTP_", "")), { location }).end();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const local = (server.address() as AddressInfo).port;
  return {
    port,
    local,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function readListener(state: AppliedState, { arn, default_action }: Applied): Listener {
  const rules = state.all("aws_lb_listener_rule").filter(({ listener_arn }) => listener_arn === arn);
  return {
    rules: rules
      .map(({ priority, condition, action }) => ({
        priority,
        paths: condition.flatMap(({ path_pattern }: Applied) => path_pattern[0]?.values ?? []),
        forwardTo: forwardTo(action[0]),
      }))
      .sort((a, b) => a.priority - b.priority),
    otherwise: forwardTo(default_action[0]),
    groups: state.all("aws_lb_target_group").map((group) => ({
      id: group.arn,
      name: group.name,
      healthCheckPath: findHealthCheck(state, group.arn).path,
      isHealthy: parseMatcher(findHealthCheck(state, group.arn).matcher),
      unhealthyThreshold: findHealthCheck(state, group.arn).unhealthy_threshold,
      deregistrationDelaySeconds: Number(group.deregistration_delay),
    })),
  };
}

function forwardTo(action: Applied): { group: string; weight: number }[] {
  if (action.target_group_arn) return [{ group: action.target_group_arn, weight: 1 }];
  return action.forward[0].target_group.map(({ arn, weight }: Applied) => ({ group: arn, weight }));
}

function findHealthCheck(state: AppliedState, arn: string): Applied {
  return state.by("aws_lb_target_group", "arn", arn).health_check[0];
}
