import { once } from "node:events";
import net from "node:net";

/** A TCP proxy in front of Redis that counts what a request costs on the wire. */
export interface CountingProxy {
  readonly port: number;
  /** Commands sent, and trips: groups of commands sent before an answer to any of them came back. */
  counted(): { readonly commands: number; readonly trips: number };
  stop(): void;
}

/** Starts a proxy in front of the Redis server on this port. */
export async function startCountingProxy(redisPort: number): Promise<CountingProxy> {
  let commands = 0;
  let trips = 0;
  const sockets = new Set<net.Socket>();
  const listener = net.createServer((client) => {
    const server = net.connect(redisPort, "127.0.0.1");
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", () => {});
    }
    const count = commandCounter();
    let answered = true;
    client.on("data", (chunk) => {
      commands += count(chunk);
      if (answered) trips++;
      answered = false;
      server.write(chunk);
    });
    server.on("data", (chunk) => {
      answered = true;
      client.write(chunk);
    });
    client.once("close", () => server.destroy());
    server.once("close", () => client.destroy());
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as net.AddressInfo).port,
    counted: () => ({ commands, trips }),
    stop() {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}

/** Counts whole commands in a stream of RESP: each is an array of strings, `*2\r\n$3\r\nGET\r\n$1\r\na\r\n`. */
function commandCounter(): (chunk: Buffer) => number {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    let count = 0;
    for (let end = endOfCommand(rest); end !== undefined; end = endOfCommand(rest)) {
      rest = rest.subarray(end);
      count++;
    }
    return count;
  };
}

function endOfCommand(bytes: Buffer): number | undefined {
  let line = bytes.indexOf("\r\n");
  if (line < 0) return undefined;
  const parts = Number(bytes.subarray(1, line));
  let at = line + 2;
  for (let i = 0; i < parts; i++) {
    line = bytes.indexOf("\r\n", at);
    if (line < 0) return undefined;
    at = line + 2 + Number(bytes.subarray(at + 1, line)) + 2;
  }
  return at <= bytes.length ? at : undefined;
}
