import { once } from "node:events";
import net from "node:net";

/** A TCP proxy on 127.0.0.1 that does to connections what networks do to them. */
export interface TcpProxy {
  readonly port: number;
  /** Port new connections go to: a name that points elsewhere. */
  target: number;
  /** Milliseconds each way. */
  delayMs: number;
  /** Drops all data of the open links, their close too; new connections work. */
  silence(): void;
  /** Nothing passes any more, on new connections neither: they are taken and left silent. */
  partition(): void;
  /** New connections work again. */
  heal(): void;
  /** Closes all connections. */
  cut(): void;
  /** Connections the client side holds open. */
  open(): number;
  stop(): Promise<void>;
}

interface Link {
  readonly client: net.Socket;
  readonly server: net.Socket;
  silent: boolean;
}

export async function startProxy(target: number): Promise<TcpProxy> {
  const links = new Set<Link>();
  let partitioned = false;
  const listener = net.createServer((client) => {
    const link: Link = { client, server: net.connect(proxy.target, "127.0.0.1"), silent: partitioned };
    links.add(link);
    join(link, client, link.server);
    join(link, link.server, client);
    client.once("close", () => links.delete(link));
  });
  /** Passes on what `from` says, and that it went. */
  function join(link: Link, from: net.Socket, to: net.Socket): void {
    const pass = (what: () => void) => {
      const now = () => {
        if (!link.silent && !to.destroyed) what();
      };
      if (proxy.delayMs > 0) setTimeout(now, proxy.delayMs);
      else now();
    };
    from.setNoDelay(true);
    from.on("data", (chunk) => pass(() => to.write(chunk)));
    // A reset shows as the close that follows it.
    from.on("error", () => {});
    from.once("close", () => pass(() => to.destroy()));
  }
  const silence = () => {
    for (const link of links) link.silent = true;
  };
  const cut = () => {
    for (const { client, server } of links) {
      client.destroy();
      server.destroy();
    }
  };
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const proxy: TcpProxy = {
    port: (listener.address() as net.AddressInfo).port,
    target,
    delayMs: 0,
    silence,
    partition() {
      partitioned = true;
      silence();
    },
    heal() {
      partitioned = false;
    },
    cut,
    open: () => [...links].filter(({ client }) => !client.destroyed).length,
    async stop() {
      cut();
      listener.close();
      await once(listener, "close");
    },
  };
  return proxy;
}
