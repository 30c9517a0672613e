import http from "node:http";
import type { Registry } from "prom-client";

/**
 * Serves `/metrics` on a port of its own, which no load balancer forwards to.
 *
 * @throws when the port can't be listened on.
 */
export function listenForMetrics(registry: Registry, host: string, port: number): http.Server {
  const server = http.createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  return server.listen(port, host);
}
