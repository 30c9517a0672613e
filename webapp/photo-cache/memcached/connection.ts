import { isIP } from "node:net";
import tls from "node:tls";
import { MemcacheNode } from "memcache";

/** The library's options for the answer to a command. */
export type CommandOptions = NonNullable<Parameters<MemcacheNode["command"]>[1]>;

/** Host and port of a node, and its TLS options. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
  /** TLS options with a CA to trust, or undefined for Node's own. Undefined for a connection without TLS. */
  readonly tls: { readonly ca: Buffer | undefined } | undefined;
}

/** Idle timeout of a connection. It is below AWS' limit of 350 s, after which the network drops idle connections. */
const IDLE_MS = 300_000;

/**
 * A connection of the library, with TLS if configured. The library's last version for Node 20 supports plain sockets only, and the first
 * version with TLS (1.8) needs Node 22. Its private members have no public equivalent.
 */
export class Connection extends MemcacheNode {
  readonly #tls: NodeAddress["tls"];

  constructor({ host, port, tls }: NodeAddress) {
    super(host, port, { timeout: IDLE_MS });
    this.#tls = tls;
  }

  override connect(): Promise<void> {
    return this.#tls === undefined ? super.connect() : this.#connectByTls(this.#tls);
  }

  #connectByTls({ ca }: { readonly ca: Buffer | undefined }): Promise<void> {
    const { host, port } = this;
    // TLS checks an IP address against the certificate too, but an IP address is not allowed as server name (RFC 6066).
    const socket = tls.connect({ host, port, ...(isIP(host) ? {} : { servername: host }), ...(ca && { ca }) });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 1000);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    // biome-ignore-start lint/complexity/useLiteralKeys: TypeScript allows private members in this syntax only
    this["_socket"] = socket;
    socket.on("data", (data) => this["handleData"](data));
    return new Promise((resolve, reject) => {
      socket.once("secureConnect", () => {
        this["_connected"] = true;
        resolve();
      });
      socket.once("close", () => {
        this["_connected"] = false;
        this["rejectPendingCommands"](new Error("Connection closed"));
      });
      socket.on("error", reject);
    });
    // biome-ignore-end lint/complexity/useLiteralKeys: see above
  }
}
