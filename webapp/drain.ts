import http, { type RequestListener, type Server } from "node:http";

/** What a load balancer asks before it sends visitors. */
const READINESS_PATH = "/readyz";

/** A server that can leave a load balancer before it stops: readiness fails first, then it takes no more connections. */
export interface DrainingServer {
  readonly server: Server;
  /** From here on `/readyz` is 503, and each answer asks its client to close the connection. */
  drain(): void;
  /** Closes once the requests under way are answered, and in any case after `withinMs`. */
  close(withinMs: number): Promise<void>;
}

/** Creates the server; it does not listen yet. */
export function createDrainingServer(handle: RequestListener): DrainingServer {
  let draining = false;
  const server = http.createServer((request, response) => {
    if (draining) {
      // A kept connection would take one more request after this one, and be cut in the middle of it.
      response.shouldKeepAlive = false;
      if (request.url === READINESS_PATH) {
        response.writeHead(503, { "Content-Type": "text/plain", "Cache-Control": "no-store" }).end("stopping\n");
        return;
      }
    }
    handle(request, response);
  });
  return {
    server,
    drain() {
      draining = true;
    },
    close(withinMs) {
      draining = true;
      return new Promise((resolve) => {
        const late = setTimeout(() => server.closeAllConnections(), withinMs);
        server.close(() => {
          clearTimeout(late);
          resolve();
        });
        server.closeIdleConnections();
      });
    },
  };
}
