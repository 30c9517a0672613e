import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

/** A name and a port that can be reached from inside. */
export interface Way {
  readonly host: string;
  readonly port: number;
  /** Port of this machine it leads to at this moment; asked for each connection, as a name is resolved. */
  readonly leadsTo: () => number;
}

export interface OwnNetworkProps {
  /** The host name that programs inside see. */
  readonly hostName: string;
  /** All that can be reached from inside. */
  readonly ways: readonly Way[];
  /** Names that are known inside, and lead nowhere. */
  readonly closed?: readonly string[];
  /** Ports inside that can be reached from this machine. */
  readonly serves: readonly number[];
}

/** The loopback interface of a new network is down; Linux has no shorter way to say so without iproute2. */
const LOOPBACK_UP = `ip link set lo up 2>/dev/null || python3 -c '
import fcntl, socket, struct
fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sh", b"lo", 65))'`;

/**
 * A network namespace whose programs find each host by its real name and port, as in a VPC, and nothing else: what is not
 * in `ways` is refused. So an app's environment need not be changed, and a port is closed unless a rule opens it.
 */
export class OwnNetwork {
  /** Of unshare and nsenter, besides a user and a mount namespace. */
  static readonly FLAGS = ["--net", "--uts"] as const;

  readonly #dir: string;
  readonly #props: OwnNetworkProps;
  readonly #servers: net.Server[] = [];
  readonly #ports = new Map<number, number>();
  readonly #sockets = new Set<net.Socket>();

  static async open(props: OwnNetworkProps): Promise<OwnNetwork> {
    const network = new OwnNetwork(props);
    await network.#listen();
    return network;
  }

  private constructor(props: OwnNetworkProps) {
    this.#props = props;
    this.#dir = mkdtempSync(path.join(os.tmpdir(), "network-"));
    const names = [...this.#addresses()]
      .filter(([host]) => !net.isIP(host))
      .map(([host, address]) => `${address} ${host}`);
    const closed = (props.closed ?? []).map((host) => `127.0.1.1 ${host}`);
    const own = `127.0.0.1 localhost ${props.hostName}`;
    writeFileSync(path.join(this.#dir, "hosts"), `${[own, ...names, ...closed].join("\n")}\n`);
  }

  /** Lines of a script that sets the namespace up from inside, after unshare. */
  get setup(): string[] {
    const hosts = path.join(this.#dir, "hosts");
    return [LOOPBACK_UP, `hostname '${this.#props.hostName}'`, `mount --bind '${hosts}' /etc/hosts`];
  }

  /** A command that carries the traffic as long as it runs; says `ready`. */
  get carry(): string {
    const addresses = this.#addresses();
    const outward = this.#props.ways.map(({ host, port }, n) => ({
      address: addresses.get(host),
      port,
      socket: this.#socket(`out-${n}`),
    }));
    const inward = this.#props.serves.map((port) => ({ port, socket: this.#socket(`in-${port}`) }));
    const links = JSON.stringify({ outward, inward });
    return `exec "${process.execPath}" "${path.join(__dirname, "relay.mjs")}" '${links}'`;
  }

  get hostName(): string {
    return this.#props.hostName;
  }

  /** Waits until the process that carries the traffic says so. @throws with what it said, when it ends instead. */
  async carried(holder: ChildProcess): Promise<void> {
    let output = "";
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("ready")) resolve();
      };
      holder.stdout?.on("data", read);
      holder.stderr?.on("data", read);
      holder.once("exit", (code) => reject(new Error(`${this.hostName} ended with ${code}:\n${output}`)));
    });
  }

  /** Port of this machine that leads to a port inside. */
  findPort(port: number): number {
    const found = this.#ports.get(port);
    if (found === undefined) throw new Error(`${this.#props.hostName} serves nothing on port ${port}`);
    return found;
  }

  /** Closes all connections there are; new ones work. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
    rmSync(this.#dir, { recursive: true, force: true });
  }

  async #listen(): Promise<void> {
    const { ways, serves } = this.#props;
    for (const [n, { leadsTo }] of ways.entries()) {
      const server = this.#relay(() => net.connect(leadsTo(), "127.0.0.1"));
      await once(server.listen(this.#socket(`out-${n}`)), "listening");
    }
    for (const port of serves) {
      const server = this.#relay(() => net.connect(this.#socket(`in-${port}`)));
      await once(server.listen(0, "127.0.0.1"), "listening");
      this.#ports.set(port, (server.address() as net.AddressInfo).port);
    }
  }

  #relay(connect: () => net.Socket): net.Server {
    const server = net.createServer((client) => {
      const onward = connect();
      client.pipe(onward).pipe(client);
      for (const [socket, peer] of [
        [client, onward],
        [onward, client],
      ] as const) {
        this.#sockets.add(socket);
        socket.setNoDelay(true);
        socket.on("error", () => {});
        socket.once("close", (broken) => {
          this.#sockets.delete(socket);
          // Data sent before the end must still arrive.
          if (broken) peer.destroy();
          else peer.end();
        });
      }
    });
    this.#servers.push(server);
    return server;
  }

  /** Each host has an address of its own, as ports may be the same; who goes by an address has that one. */
  #addresses(): Map<string, string> {
    const hosts = [...new Set(this.#props.ways.map(({ host }) => host))];
    return new Map(hosts.map((host, n) => [host, net.isIP(host) ? host : `127.0.${2 + (n >> 7)}.${1 + (n & 127)}`]));
  }

  #socket(name: string): string {
    return path.join(this.#dir, name);
  }
}
