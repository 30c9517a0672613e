import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** The folder of the benchmark. */
export const BENCH = __dirname;
/** Root of the repository. */
export const ROOT = path.join(BENCH, "..");
/** The app as instances, tasks and the image run it: `node session-app.js`. */
export const APP_BUNDLE = path.join(ROOT, "webapp/dist/session-app.js");

const canPin = os.cpus().length > 1 && spawnSync("taskset", ["--version"]).status === 0;
/** The server has a core to itself; load, Redis and this program share another. */
const SERVER_CORE = "0";
const LOAD_CORE = "1";

/** Which cores the programs run on, for the report. */
export const pinning = canPin
  ? `server on core ${SERVER_CORE}; load, Redis and counting on core ${LOAD_CORE}`
  : "not pinned: taskset or a second core is missing";

/** A command that runs on the core of the load. */
export function onLoadCore(command: readonly string[]): [string, ...string[]] {
  return onCore(LOAD_CORE, command);
}

/** A command that runs on the core of the servers. */
export function onServerCore(command: readonly string[]): [string, ...string[]] {
  return onCore(SERVER_CORE, command);
}

function onCore(core: string, command: readonly string[]): [string, ...string[]] {
  return (canPin ? ["taskset", "-c", core, ...command] : [...command]) as [string, ...string[]];
}

/** This program is part of the load. */
export function pinThisProgram(): void {
  if (canPin) execFileSync("taskset", ["-a", "-p", "-c", LOAD_CORE, String(process.pid)], { stdio: "ignore" });
}

/** Programs to stop when this program ends for any reason. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

/** A server under measurement. */
export interface Served {
  readonly name: string;
  readonly origin: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** CPU time used so far, all threads. Microseconds. */
  cpu(): number;
  /** Resident memory. Bytes. */
  rss(): number;
  /** Used heap after a full collection, where `heap-probe` is loaded. Bytes. */
  heap(): Promise<number>;
  stop(): Promise<void>;
}

/** A program to run, and how. */
export interface Program {
  readonly name: string;
  readonly file: string;
  readonly environment?: (ports: { readonly redis: number; readonly free: number }) => Readonly<Record<string, string>>;
  /** A page that answers 200 once the program has its Redis. @default - it waits for Redis before it listens or queues */
  readonly ready?: string;
  /** Node's own options. */
  readonly node?: readonly string[];
}

/** Starts a program on the core of servers and waits until it takes connections. */
export async function serve(program: Program, redisPort: number): Promise<Served> {
  const child = await spawnServer(program, redisPort);
  await untilListening(child.port, child.process, program.name);
  if (program.ready !== undefined) while (!(await fetch(child.origin + program.ready)).ok) await pause(20);
  return child;
}

/** Starts a program and waits for nothing. */
export async function spawnServer({ name, file, environment, node = [] }: Program, redisPort: number): Promise<Served> {
  const port = await freePort();
  const { PATH = "", HOME = "" } = process.env;
  const own = environment?.({ redis: redisPort, free: await freePort() });
  const env = { PATH, HOME, NODE_ENV: "production", PORT: String(port), REDIS_PORT: String(redisPort), ...own };
  const [command, ...args] = onServerCore([process.execPath, ...node, file]);
  // Standard output goes to a file, as a service manager would have it: reading a pipe would cost the load.
  const output = openSync(path.join(os.tmpdir(), `bench-${process.pid}-${port}.log`), "w");
  const child = spawn(command, args, { env, stdio: ["ignore", output, "inherit", "ipc"] });
  running.add(child);
  const pid = child.pid as number;
  return {
    name,
    port,
    origin: `http://127.0.0.1:${port}`,
    process: child,
    cpu: () => {
      const [user = 0, system = 0] =
        readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ").slice(11, 13).map(Number) ?? [];
      return (user + system) * 10_000;
    },
    rss: () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024,
    async heap() {
      child.send("heap");
      const [bytes] = await once(child, "message");
      return bytes as number;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

/** A redis-server that runs for the benchmark. */
export interface Redis {
  readonly port: number;
  /** The port that speaks TLS. @default - it speaks none */
  readonly tlsPort?: number;
  stop(): Promise<void>;
}

/** Starts a real redis-server. @param options.core - the core it runs on. @default - the core of the load, without TLS */
export async function startRedis({ core = "load", tls = false }: { core?: "load" | "server"; tls?: boolean } = {}) {
  const [port, tlsPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(path.join(os.tmpdir(), "bench-redis-"));
  const secured = tls ? ["--tls-port", String(tlsPort), ...createCertificate(folder)] : [];
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", ...secured];
  const [command, ...rest] = (core === "load" ? onLoadCore : onServerCore)(["redis-server", ...args]);
  const child = spawn(command, rest, { stdio: "ignore" });
  running.add(child);
  await untilListening(port, child, "redis-server");
  const redis: Redis = {
    port,
    ...(tls && { tlsPort }),
    async stop() {
      child.kill("SIGKILL");
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return redis;
}

/** Creates a certificate for this run. @returns the arguments by which redis-server takes it. */
function createCertificate(folder: string): string[] {
  const [key, certificate] = [path.join(folder, "key.pem"), path.join(folder, "certificate.pem")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"];
  execFileSync("openssl", [...request, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  return ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no"];
}

async function untilListening(port: number, child: ChildProcess, name: string): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
    const socket = net.connect(port, "127.0.0.1");
    const up = await Promise.race([
      once(socket, "connect").then(() => true),
      once(socket, "error").then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return;
    await pause(20);
  }
  throw new Error(`${name} does not listen`);
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
