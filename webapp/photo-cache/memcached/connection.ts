import { isIP } from "node:net";
import tls from "node:tls";
import { MemcacheNode } from "memcache";

/** How the library reads the answer to a command. */
export type CommandOptions = NonNullable<Parameters<MemcacheNode["command"]>[1]>;

/** Host and port of a node, and whether it speaks TLS. */
export interface NodeAddress {
  readonly host: string;
  readonly port: number;
  /** The CA to trust beside Node's own, or none. Without it the node speaks in the clear. */
  readonly tls: { readonly ca: Buffer | undefined } | undefined;
}

/** A link nobody used for so long is closed, before the network forgets it. AWS keeps an idle one for 350 s. */
const IDLE_MS = 300_000;

/**
 * One connection of the library's, over TLS where asked: its last version for Node 20 knows plain sockets only, and the
 * first with TLS (1.8) asks for Node 22. What is private there has no other way in.
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
    // An IP address is checked against the certificate too, but is no server name (RFC 6066).
    const socket = tls.connect({ host, port, ...(isIP(host) ? {} : { servername: host }), ...(ca && { ca }) });
    socket.setNoDelay(true);
    socket.setKeepAlive(true, 1000);
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    // biome-ignore-start lint/complexity/useLiteralKeys: TypeScript keeps private members from any other syntax
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
