import { readFileSync } from "node:fs";
import type { Logger } from "pino";
import { EnvironmentError, type MemcachedConnection } from "../../../environment/photo-cache";
import type { Deadline } from "../../deadline";
import { type Cache, type CacheNode, CacheRefusal, type CacheReport } from "../cache";
import type { NodeAddress } from "./connection";
import { Discovery } from "./discovery";
import { Link } from "./link";
import { pickNode } from "./rendezvous";

/** All nodes of a memcached cluster as one cache. Each key has its node, chosen as by the source document's client. */
export class MemcachedCache implements Cache {
  readonly engine = "memcached";
  readonly #tls: NodeAddress["tls"];
  readonly #discovery: Discovery;
  #nodes: readonly CacheNode[] = [];
  #links = new Map<string, Link>();

  /**
   * @param pollMs - maximum age of the list of nodes, in milliseconds. @default a minute
   * @throws when the CA file cannot be read.
   */
  constructor({ host, port, tls, caFile }: MemcachedConnection, log: Logger, pollMs?: number) {
    this.#tls = tls ? { ca: caFile === undefined ? undefined : readCa(caFile) } : undefined;
    this.#discovery = new Discovery({ host, port, tls: this.#tls }, log, pollMs);
  }

  async get(key: string, deadline: Deadline): Promise<string | undefined> {
    const answer = await this.#ask(key, `get ${key}`, { isMultiline: true, requestedKeys: [key] }, deadline);
    return (answer as { values?: string[] }).values?.[0];
  }

  async set(key: string, value: string, ttlSeconds: number, deadline: Deadline): Promise<void> {
    const command = `set ${key} 0 ${ttlSeconds} ${Buffer.byteLength(value)}\r\n${value}`;
    const answer = await this.#ask(key, command, undefined, deadline);
    if (answer !== "STORED") throw new CacheRefusal(`memcached: set answered ${String(answer)}`);
  }

  report(): CacheReport {
    const discovery = this.#discovery.report();
    return { nodes: this.#nodes, ...(discovery && { discovery }) };
  }

  close(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  async #ask(key: string, command: string, options: Parameters<Link["send"]>[1], deadline: Deadline): Promise<unknown> {
    this.#follow(await this.#discovery.nodes(deadline));
    const link = this.#links.get(pickNode([...this.#links.keys()], key)) as Link;
    try {
      return await link.send(command, options, deadline);
    } catch (error) {
      if (!(error instanceof CacheRefusal)) this.#discovery.doubt();
      throw error;
    }
  }

  /** Keeps a link to each node of the list, and closes all others. */
  #follow(nodes: readonly CacheNode[]): void {
    if (nodes === this.#nodes) return;
    const before = this.#links;
    this.#links = new Map(
      nodes.map((node) => [buildName(node), before.get(buildName(node)) ?? new Link(this.#address(node))]),
    );
    for (const [name, link] of before) if (!this.#links.has(name)) link.close();
    this.#nodes = nodes;
  }

  /** The node's IP address, as in the source document; with TLS, its name, which TLS checks. */
  #address({ host, ip, port }: CacheNode): NodeAddress {
    return { host: this.#tls === undefined && ip !== "" ? ip : host, port, tls: this.#tls };
  }
}

/** The text of a node that is hashed. pymemcache also writes IPv6 addresses without brackets. */
function buildName({ host, ip, port }: CacheNode): string {
  return `${ip === "" ? host : ip}:${port}`;
}

function readCa(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EnvironmentError(
      `MEMCACHED_CA_FILE: got "${file}", takes the path of a PEM file that can be read (${reason})`,
    );
  }
}
