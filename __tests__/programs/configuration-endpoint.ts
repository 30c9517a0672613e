import { once } from "node:events";
import net from "node:net";

/** A scripted server in place of a configuration endpoint. */
export interface ConfigurationEndpoint {
  readonly port: number;
  /** Its answer to `config get cluster`, to the byte; a function decides each time; undefined is silence. */
  answer: string | (() => string) | undefined;
  /** Sends one answer in pieces of so many bytes, one turn of the event loop apart. @default - in one */
  chunkBytes: number;
  /** Commands it got, in order. */
  readonly asked: string[];
  stop(): Promise<void>;
}

/** A list of nodes as ElastiCache writes it. */
export function configuration(version: number, nodes: readonly string[]): string {
  return `${version}\n${nodes.join(" ")}\n`;
}

/** A whole answer to `config get cluster`. */
export function configAnswer(payload: string): string {
  return `CONFIG cluster 0 ${Buffer.byteLength(payload)}\r\n${payload}\r\nEND\r\n`;
}

/** Speaks the discovery command of engine 1.4.14 and later, and no other. */
export async function startConfigurationEndpoint(answer?: string): Promise<ConfigurationEndpoint> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket.setNoDelay(true));
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.on("data", async (data) => {
      for (const command of data.toString().split("\r\n").filter(Boolean)) {
        endpoint.asked.push(command);
        const known = command === "config get cluster" ? endpoint.answer : "ERROR\r\n";
        await send(socket, typeof known === "function" ? known() : known, endpoint.chunkBytes);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const endpoint: ConfigurationEndpoint = {
    port: (server.address() as net.AddressInfo).port,
    answer,
    chunkBytes: Number.POSITIVE_INFINITY,
    asked: [],
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
  return endpoint;
}

async function send(socket: net.Socket, answer: string | undefined, chunkBytes: number): Promise<void> {
  const bytes = Buffer.from(answer ?? "");
  const step = Math.min(chunkBytes, bytes.length || 1);
  for (let at = 0; at < bytes.length; at += step) {
    socket.write(bytes.subarray(at, at + step));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
