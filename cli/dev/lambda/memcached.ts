import { once } from "node:events";
import { connect } from "node:net";
import os from "node:os";
import { type LocalProgram, startProgram } from "../program";

/** The key of the node list in engines before 1.4.14. A stock memcached can store it, and so answer discovery. */
const NODES_KEY = "AmazonElastiCache:cluster";

/** A memcached for this run. Its node list has itself as the cluster's only node. */
export interface LocalMemcached extends LocalProgram {
  /** `host:port` for discovery. */
  readonly endpoint: string;
}

/** @throws {UserError} when memcached is not installed. */
export async function openMemcached(): Promise<LocalMemcached> {
  const program = await startProgram({
    command: "memcached",
    // As root, memcached needs the name of a user. With -vv it says that it listens.
    args: (port) => ["-vv", "-u", os.userInfo().username, "-l", "127.0.0.1", "-p", String(port), "-U", "0"],
    ready: /server listening/,
  });
  const { port } = program;
  await put(port, NODES_KEY, `1\nlocalhost|127.0.0.1|${port}\n`);
  return { ...program, endpoint: `127.0.0.1:${port}` };
}

async function put(port: number, key: string, value: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`set ${key} 0 0 ${Buffer.byteLength(value)}\r\n${value}\r\n`);
  const [said] = await once(socket, "data");
  socket.destroy();
  if (String(said) !== "STORED\r\n") throw new Error(`memcached answered ${said}`);
}
