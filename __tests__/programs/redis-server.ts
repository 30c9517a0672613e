import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { onFreePort } from "../../cli/dev/program";

export { freePort } from "../../cli/dev/program";

export interface RedisServer {
  readonly port: number;
  /** The server's own folder: data, ACL file. */
  readonly dir: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export interface RedisServerOptions {
  /** Lines of an ACL file, such as `user app on nopass ~session:* +get`. */
  readonly acl?: readonly string[];
  /** Serves TLS only, with this certificate. */
  readonly tls?: { readonly cert: string; readonly key: string; readonly ca: string };
  /** Further arguments. */
  readonly args?: readonly string[];
  /** @default - a free port */
  readonly port?: number;
}

/** Starts a real redis-server on 127.0.0.1 and waits until it takes connections. */
export function startRedis({ port, ...options }: RedisServerOptions = {}): Promise<RedisServer> {
  return port === undefined ? onFreePort((free) => startOn(free, options)) : startOn(port, options);
}

async function startOn(listen: number, { acl, tls, args = [] }: RedisServerOptions): Promise<RedisServer> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "redis-"));
  const command = ["--dir", dir, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  if (tls === undefined) command.push("--port", String(listen));
  else {
    command.push("--port", "0", "--tls-port", String(listen), "--tls-auth-clients", "no");
    command.push("--tls-cert-file", tls.cert, "--tls-key-file", tls.key, "--tls-ca-cert-file", tls.ca);
  }
  if (acl !== undefined) {
    writeFileSync(path.join(dir, "users.acl"), `${acl.join("\n")}\n`);
    command.push("--aclfile", path.join(dir, "users.acl"));
  }
  const child = spawn("redis-server", [...command, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  await readyToAccept(child);
  return {
    port: listen,
    dir,
    process: child,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGKILL");
        await once(child, "exit");
      }
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

async function readyToAccept(child: ChildProcess): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (/Ready to accept connections/i.test(output)) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}:\n${output}`)));
  });
}
