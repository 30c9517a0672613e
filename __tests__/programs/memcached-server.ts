import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import { connect as connectByTls } from "node:tls";
import { until } from "../harness/poll";
import type { Certificate } from "./certificate";
import { freePort } from "./redis-server";

/** A real memcached on 127.0.0.1. */
export interface MemcachedServer {
  readonly port: number;
  readonly process: ChildProcess;
  /** Puts a text under a key, and replaces an earlier one. */
  put(key: string, value: string): Promise<void>;
  /** The text under a key, or undefined. */
  look(key: string): Promise<string | undefined>;
  /** A figure of `stats`. */
  stat(name: string): Promise<number>;
  /** Ends it and starts another on its port, without a turn of this process's event loop: as it looks to a function that was frozen. */
  replaceUnseen(): void;
  stop(): Promise<void>;
}

export interface MemcachedServerOptions {
  /** Serves TLS only, with this certificate. */
  readonly tls?: Certificate;
  /** Further arguments. @default - none */
  readonly args?: readonly string[];
  /** @default - a free port */
  readonly port?: number;
}

/** @throws with what memcached said, when it ends at once. */
export async function startMemcached(options: MemcachedServerOptions = {}): Promise<MemcachedServer> {
  const { tls, args: further = [], port } = options;
  const listen = port ?? (await freePort());
  // As root it asks for a user to become; TCP only.
  const args = ["-u", os.userInfo().username, "-l", "127.0.0.1", "-p", String(listen), "-U", "0", ...further];
  if (tls) args.push("-Z", "-o", `ssl_chain_cert=${tls.cert},ssl_key=${tls.key}`);
  const child = spawn("memcached", args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString();
  });
  await until(() => child.exitCode !== null || answers(listen), "memcached");
  if (child.exitCode !== null) throw new Error(`memcached ended with ${child.exitCode}:\n${said}`);
  const connect = () =>
    tls
      ? connectByTls({ port: listen, host: "localhost", ca: readFileSync(tls.ca) })
      : net.connect(listen, "127.0.0.1");
  let replacement: number | undefined;
  return {
    port: listen,
    process: child,
    async put(key, value) {
      const said = await ask(connect(), `set ${key} 0 0 ${Buffer.byteLength(value)}\r\n${value}\r\n`, /\r\n$/);
      if (said !== "STORED\r\n") throw new Error(`memcached answered ${said}`);
    },
    async look(key) {
      const [, value] =
        /^VALUE [^\r]*\r\n([\s\S]*)\r\nEND\r\n$/.exec(await ask(connect(), `get ${key}\r\n`, /END\r\n$/)) ?? [];
      return value;
    },
    async stat(name) {
      const stats = await ask(connect(), "stats\r\n", /END\r\n$/);
      return Number(new RegExp(`STAT ${name} (\\S+)`).exec(stats)?.[1]);
    },
    replaceUnseen() {
      const open = `(echo >/dev/tcp/127.0.0.1/${listen}) 2>/dev/null`;
      const script = [
        `kill -9 ${child.pid}; while ${open}; do sleep 0.01; done`,
        `memcached ${args.join(" ")} >/dev/null 2>&1 & echo $!; until ${open}; do sleep 0.01; done`,
      ];
      replacement = Number(execFileSync("bash", ["-c", script.join("\n")], { encoding: "utf8" }).trim());
    },
    async stop() {
      if (replacement !== undefined) process.kill(replacement, "SIGKILL");
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

async function answers(port: number): Promise<boolean> {
  const socket = net.connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } finally {
    socket.destroy();
  }
}

/** Sends and reads until the answer looks whole. */
async function ask(socket: net.Socket, command: string, whole: RegExp): Promise<string> {
  socket.write(command);
  let said = "";
  for await (const chunk of socket) {
    said += chunk;
    if (whole.test(said)) break;
  }
  return said;
}
