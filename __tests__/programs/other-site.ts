import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A web site on this machine that is not the app. */
export interface OtherSite {
  readonly port: number;
  /** Has `/` answer with this HTML from now on. */
  show(html: string): void;
  /** Requests for anything but `/`, as in `GET /steal.js`. */
  readonly requests: readonly string[];
  stop(): Promise<void>;
}

/** Starts a site that serves a page at `/`, and a script at every other path. */
export async function startOtherSite(): Promise<OtherSite> {
  let page = "";
  const requests: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(page);
      return;
    }
    requests.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "text/javascript");
    response.end("document.documentElement.dataset.stolen = 'yes';");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    show(html) {
      page = html;
    },
    requests,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
