import http, { type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Milliseconds. Kept connections live longer than an ALB's idle timeout of 60 s: a server that closes first causes random
 * 502s. A form is 8 KB: a client that needs longer for a request holds it open on purpose. Headers have less time than the
 * whole request, else Node.js swaps the two; it looks for late ones once a second, not only every 30 s.
 */
const TIMEOUTS = {
  keepAliveTimeout: 65_000,
  headersTimeout: 20_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 1000,
};

/** A request that is half sent when the server closes has this long for the rest. Milliseconds. */
const GRACE_MS = 1000;

/** A server that can leave a load balancer before it stops, and stops when the last accepted request is answered. */
export class DrainingServer {
  readonly server: Server;
  /**
   * The answers under way, by connection. One set for all of them doubled the CPU time of a request: V8 copies a set that is
   * written on each request again and again, and each old copy keeps its answers alive until the next full collection.
   */
  readonly #responses = new Map<Socket, ServerResponse[]>();
  #state: "serving" | "draining" | "closing" = "serving";

  /** @param handle - answers requests, as `http.createServer` takes it. */
  constructor(handle: RequestListener) {
    this.server = http.createServer(TIMEOUTS, (request, response) => {
      const underWay = this.#responses.get(request.socket) ?? [];
      underWay.push(response);
      response.once("close", () => {
        underWay.splice(underWay.indexOf(response), 1);
        // Its headers may have left before the stop, with `keep-alive`.
        if (this.#state === "closing") this.server.closeIdleConnections();
      });
      if (this.#state !== "serving") response.shouldKeepAlive = false;
      handle(request, response);
    });
    this.server.on("connection", (connection) => {
      this.#responses.set(connection, []);
      connection.once("close", () => this.#responses.delete(connection));
    });
  }

  /** From here on, each answer has its client close the connection. New connections are still taken. */
  drain(): void {
    this.#state = "draining";
    for (const response of [...this.#responses.values()].flat()) {
      if (!response.headersSent) response.shouldKeepAlive = false;
    }
  }

  /**
   * Takes no more connections, and resolves when the last request is answered. Connections without a request close at once.
   *
   * @param withinMs - after this time it cuts what is left.
   */
  async close(withinMs: number): Promise<void> {
    this.drain();
    this.#state = "closing";
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeIdleConnections();
    // For Node.js, a connection without a first request is not idle (nodejs/node#63470).
    for (const connection of this.#responses.keys()) if (connection.bytesRead === 0) connection.destroy();
    const timers = [
      setTimeout(() => this.#cutHalfSent(), GRACE_MS),
      setTimeout(() => this.server.closeAllConnections(), withinMs),
    ];
    await closed;
    for (const timer of timers) clearTimeout(timer);
  }

  /** Ends the connections without a request that has come whole. */
  #cutHalfSent(): void {
    for (const [connection, responses] of this.#responses) {
      if (!responses.some(({ req }) => req.complete)) connection.destroy();
    }
  }
}
