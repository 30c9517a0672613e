import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

/** S3 right after versioning was first switched on, in front of a real one. */
export interface LateS3 {
  readonly url: string;
  /** Queries it was asked with, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/**
 * Answers NoSuchKey to what it does not find yet, and hands on the rest.
 *
 * @param finds - whether it finds an object, asked for by a query.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/manage-versioning-examples.html
 */
export async function startLateS3(upstream: string, finds: (query: string, asked: number) => boolean): Promise<LateS3> {
  const asked: string[] = [];
  const server = createServer((incoming, answer) => {
    const { searchParams } = new URL(incoming.url ?? "/", upstream);
    const query = searchParams.has("versionId") ? "version" : "key";
    asked.push(query);
    if (!finds(query, asked.length)) {
      answer.writeHead(404, { "content-type": "application/xml" });
      answer.end("<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>");
      return;
    }
    const { method, headers } = incoming;
    const handed = request(new URL(incoming.url ?? "/", upstream), { method, headers }, (response) => {
      answer.writeHead(response.statusCode ?? 500, response.headers);
      response.pipe(answer);
    });
    // A script may ask on after its test has stopped the upstream server: its connection ends, and no other test fails for it.
    handed.on("error", () => answer.destroy());
    incoming.pipe(handed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
