import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "../harness/poll";

/** Stands for an Application Load Balancer: one request here, the next there, over connections it keeps. */
export interface Balancer {
  readonly url: string;
  /** Requests each target was sent. */
  readonly sent: ReadonlyMap<string, number>;
  /** Targets that get requests now. */
  inService(): readonly string[];
  /** Takes one more target; it gets requests once it is well. */
  register(target: string): Promise<void>;
  /** Sends a target nothing more; what is under way there ends by itself. */
  deregister(target: string): void;
  stop(): Promise<void>;
}

export interface BalancerOptions {
  /** Asked of each target all the time; who does not answer 200 gets no more requests. */
  readonly healthCheckPath: string;
  /** Between two questions, in milliseconds. */
  readonly intervalMs: number;
}

/** Does not repeat a request that failed, as a load balancer does not: that is a 502, and the visitor's loss. */
export async function startBalancer(
  first: readonly string[],
  { healthCheckPath, intervalMs }: BalancerOptions,
): Promise<Balancer> {
  const agent = new http.Agent({ keepAlive: true });
  const targets = [...first];
  const sent = new Map(targets.map((target) => [target, 0]));
  const healthy = new Set<string>();
  const inService = () => targets.filter((target) => healthy.has(target));
  let turn = 0;

  const ask = async (target: string) => {
    const well = await fetch(target + healthCheckPath, { signal: AbortSignal.timeout(5000) }).then(
      ({ status }) => status === 200,
      () => false,
    );
    if (well && targets.includes(target)) healthy.add(target);
    else healthy.delete(target);
  };
  const questions = setInterval(() => void Promise.all(targets.map(ask)), intervalMs);

  const server = http.createServer((request, response) => {
    const target = inService()[turn++ % Math.max(1, healthy.size)];
    const refuse = (status: number) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(status).end();
    };
    if (target === undefined) return refuse(503);
    sent.set(target, (sent.get(target) ?? 0) + 1);
    const { method, url, headers } = request;
    const forwarded = { ...headers, "x-forwarded-for": request.socket.remoteAddress ?? "" };
    const onwards = http.request(target + url, { agent, method, headers: forwarded }, (answer) => {
      const { connection: _, "keep-alive": __, ...rest } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, rest);
      answer.pipe(response);
      answer.once("error", () => response.destroy());
    });
    onwards.once("error", () => refuse(502));
    request.pipe(onwards);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await until(() => healthy.size === targets.length, "healthy targets");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    inService,
    async register(target) {
      targets.push(target);
      sent.set(target, 0);
      await until(() => healthy.has(target), "the target to be well");
    },
    deregister(target) {
      targets.splice(targets.indexOf(target), 1);
      healthy.delete(target);
    },
    async stop() {
      clearInterval(questions);
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
