import { isIP } from "node:net";
import type { CacheNode } from "../cache";

/** Which nodes a cluster has. */
export interface ClusterConfiguration {
  /** Grows with each change. */
  readonly version: number;
  readonly nodes: readonly CacheNode[];
}

/** A version, a line of nodes, and an end: an answer that was cut off has no end. */
const PAYLOAD = /^(\d{1,15})\r?\n([^\r\n]+)\r?\n\s*$/;
const HOST = /^[a-z0-9]([a-z0-9.-]{0,252}[a-z0-9])?$/i;

/**
 * The payload of a discovery answer: `<version>\n<host>|<ip>|<port> <host>|<ip>|<port>\n`, where ip may be empty.
 *
 * @throws when any part of it can't be read: half a list would move keys to nodes that do not hold them.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoDiscovery.AddingToYourClientLibrary.html
 */
export function parseClusterConfiguration(payload: string): ClusterConfiguration {
  const [, version, line] = PAYLOAD.exec(payload) ?? [];
  if (version === undefined || line === undefined) {
    throw new Error(`discovery: got ${shown(payload)}, takes a version, a line of nodes and a line's end`);
  }
  const nodes = line.trim().split(/ +/).map(parseNode);
  const places = nodes.map(({ host, port }) => `${host}:${port}`);
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) throw new Error(`discovery: got ${shown(twice)} twice, takes each node once`);
  return { version: Number(version), nodes };
}

function parseNode(entry: string): CacheNode {
  const [host = "", ip = "", port = "", ...more] = entry.split("|");
  const valid = HOST.test(host) && (ip === "" || isIP(ip) !== 0) && /^\d{1,5}$/.test(port) && more.length === 0;
  if (!valid || Number(port) < 1 || Number(port) > 65_535) {
    throw new Error(`discovery: got the node ${shown(entry)}, takes host|ip|port`);
  }
  return { host, ip, port: Number(port) };
}

function shown(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
