import { once } from "node:events";
import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { groupFor, type Listener, type TargetGroup } from "./listener";

/** State of a target, in the ALB's terms. */
type TargetState = "initial" | "healthy" | "unhealthy" | "draining";

/** A process that a target group sends requests to. */
export interface Target {
  readonly url: string;
  readonly state: TargetState;
  /** Number of current requests. */
  readonly inFlight: number;
}

/** Settings of the local load balancer. */
export interface LoadBalancerOptions {
  /** Time between two health checks of a target, shorter than an ALB's 5 s so that users wait less. Milliseconds. @default 500 */
  readonly checkEveryMs?: number;
  /** Certificate and key for https. @default - http */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
}

/** Idle timeout, the ALB's default. It must be below the app's keep-alive time. Milliseconds. */
const IDLE_MS = 60_000;
/** Timeout of a health check. Milliseconds. */
const CHECK_WITHIN_MS = 2000;
const POLL_MS = 20;

/**
 * A local ALB in front of processes of this machine: the rules of a synthesized stack, health checks, draining, and an ALB's headers.
 * Like an ALB, it never sends a request twice: when a target dies, its current requests get a 502.
 */
export class LoadBalancer {
  readonly #listener: Listener;
  readonly #checkEveryMs: number;
  readonly #targets = new Map<string, LocalTarget[]>();
  readonly #agent = new http.Agent({ keepAlive: true, timeout: IDLE_MS });
  readonly #scheme: "http" | "https";
  readonly #server: http.Server | https.Server;
  readonly #turns = new Map<string, number>();
  #web: ((request: IncomingMessage, response: ServerResponse, target: string) => Promise<void>) | undefined;

  constructor(listener: Listener, { checkEveryMs = 500, tls }: LoadBalancerOptions = {}) {
    this.#listener = listener;
    this.#checkEveryMs = checkEveryMs;
    const forward = (request: IncomingMessage, response: ServerResponse) => void this.#forward(request, response);
    this.#scheme = tls === undefined ? "http" : "https";
    this.#server = tls === undefined ? http.createServer(forward) : https.createServer(tls, forward);
    this.#server.keepAliveTimeout = IDLE_MS;
  }

  /** @returns its address. */
  async listen(port: number): Promise<string> {
    const { createProxyServer } = await import("httpxy");
    const proxy = createProxyServer({ agent: this.#agent, proxyTimeout: IDLE_MS });
    this.#web = (request, response, target) => proxy.web(request, response, { target });
    this.#server.listen(port, "127.0.0.1");
    await once(this.#server, "listening");
    return `${this.#scheme}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Adds a target. It gets requests after its first passed health check. */
  register(groupId: string, url: string): Target {
    const group = this.#listener.groups.find(({ id }) => id === groupId);
    if (group === undefined) throw new Error(`no target group ${groupId}`);
    const target = new LocalTarget(url, group);
    this.#targets.set(groupId, [...this.#in(groupId), target]);
    target.watch(this.#checkEveryMs);
    return target;
  }

  /** Sends no more requests to a target. Resolves when its current requests, or the deregistration delay, have ended. */
  async deregister(target: Target): Promise<void> {
    if (!(target instanceof LocalTarget)) return;
    target.drain();
    const end = Date.now() + target.group.deregistrationDelaySeconds * 1000;
    while (target.inFlight > 0 && Date.now() < end) await pause(POLL_MS);
    this.#targets.set(
      target.group.id,
      this.#in(target.group.id).filter((other) => other !== target),
    );
  }

  async close(): Promise<void> {
    for (const targets of this.#targets.values()) for (const target of targets) target.drain();
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
    this.#agent.destroy();
  }

  #in(groupId: string): readonly LocalTarget[] {
    return this.#targets.get(groupId) ?? [];
  }

  /** Chooses the next target: round robin among the healthy ones, or among all if none is healthy, as an ALB does. */
  #choose(groupId: string): LocalTarget | undefined {
    const registered = this.#in(groupId).filter(({ state }) => state !== "draining");
    const healthy = registered.filter(({ state }) => state === "healthy");
    const candidates = healthy.length > 0 ? healthy : registered;
    const turn = this.#turns.get(groupId) ?? 0;
    this.#turns.set(groupId, turn + 1);
    return candidates[turn % candidates.length];
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = this.#choose(groupFor(this.#listener, request.url ?? "/"));
    if (target === undefined || this.#web === undefined) return answer(response, 503);
    const { headers, socket } = request;
    const before = headers["x-forwarded-for"];
    headers["x-forwarded-for"] = `${before === undefined ? "" : `${before}, `}${socket.remoteAddress}`;
    headers["x-forwarded-proto"] = this.#scheme;
    headers["x-forwarded-port"] = String(socket.localPort);
    target.inFlight++;
    response.once("close", () => {
      target.inFlight--;
    });
    try {
      await this.#web(request, response, target.url);
    } catch {
      answer(response, 502);
    }
  }
}

class LocalTarget implements Target {
  readonly url: string;
  readonly group: TargetGroup;
  state: TargetState = "initial";
  inFlight = 0;
  #failed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(url: string, group: TargetGroup) {
    this.url = url;
    this.group = group;
  }

  watch(everyMs: number): void {
    const check = async () => {
      const passed = await this.#check();
      if (this.state === "draining") return;
      this.#failed = passed ? 0 : this.#failed + 1;
      if (passed) this.state = "healthy";
      else if (this.#failed >= this.group.unhealthyThreshold) this.state = "unhealthy";
      // New targets are checked more often than an ALB would, so that users wait less.
      this.#timer = setTimeout(check, this.state === "initial" ? Math.min(100, everyMs) : everyMs);
    };
    void check();
  }

  drain(): void {
    this.state = "draining";
    clearTimeout(this.#timer);
  }

  async #check(): Promise<boolean> {
    try {
      const answer = await fetch(this.url + this.group.healthCheckPath, {
        headers: { "user-agent": "ELB-HealthChecker/2.0" },
        redirect: "manual",
        signal: AbortSignal.timeout(CHECK_WITHIN_MS),
      });
      await answer.arrayBuffer();
      return this.group.isHealthy(answer.status);
    } catch {
      return false;
    }
  }
}

function answer(response: ServerResponse, status: 502 | 503): void {
  if (response.headersSent) response.destroy();
  else
    response
      .writeHead(status, { "Content-Type": "text/html" })
      .end(`<h1>${status} ${http.STATUS_CODES[status]}</h1>\n`);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
