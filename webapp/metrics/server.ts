import http from "node:http";
import { collectDefaultMetrics, type Registry } from "prom-client";

/** Creates the server of `/metrics`, with the metrics of the process, for a port of its own that no load balancer forwards to. It does not listen yet. */
export function createMetricsServer(registry: Registry): http.Server {
  collectDefaultMetrics({ register: registry });
  return http.createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { "content-type": registry.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
}
