import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { freePort } from "../../programs/redis-server";
import { AwsCli } from "./cli";

/** Python reads moto's models and AWS' managed policies in 3 seconds, and in over a minute where a dozen deployments share two cores. */
const START_MS = 180_000;
const SHOWN_LINES = 20;
const PAUSE_MS = 50;

/** The strict local AWS, and the real AWS CLI that speaks to it. */
export interface StrictAws {
  /** Variables that make any AWS client, Terraform's provider too, speak to it and to nothing else. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Runs the AWS CLI; answers with its JSON. @throws with what the CLI wrote when AWS refuses. */
  aws(...args: string[]): Promise<Json>;
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: an AWS service answers any JSON
export type Json = Record<string, any>;

export interface StrictAwsOptions {
  readonly region: string;
  /** Where its log goes. @default - a temporary file, until it stops */
  readonly log?: string;
  /** A file that lists refusals to switch off, read at each call. @default - all refuse */
  readonly withoutFile?: string;
  /** Where each call is written down, a line of JSON each; see calls.py. @default - nowhere */
  readonly callsFile?: string;
}

/** Version of moto that python3 sees. @throws when there is none, with how to install it. */
export function motoVersion(): string {
  try {
    const script = "from importlib.metadata import version; import moto.server; print(version('moto'))";
    return execFileSync("python3", ["-c", script], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    throw new Error("moto: python3 has none. Install it: python3 -m pip install 'moto[server]==5.2.1'");
  }
}

/** Starts the double on a free port and waits until it answers. */
export async function startStrictAws({ region, log, withoutFile, callsFile }: StrictAwsOptions): Promise<StrictAws> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = environmentFor(url, region);
  const folder = log === undefined ? mkdtempSync(path.join(os.tmpdir(), "double-")) : undefined;
  const logFile = log ?? path.join(folder ?? "", "aws.log");
  const out = openSync(logFile, "w");
  const server = spawn("python3", [path.join(__dirname, "server.py"), "-H", "127.0.0.1", "-p", String(port)], {
    stdio: ["ignore", out, out],
    env: {
      ...process.env,
      MOTO_IAM_LOAD_MANAGED_POLICIES: "true",
      PYTHONDONTWRITEBYTECODE: "1",
      ...(withoutFile !== undefined && { DOUBLE_WITHOUT_FILE: withoutFile }),
      ...(callsFile !== undefined && { DOUBLE_CALLS_FILE: callsFile }),
    },
  });
  closeSync(out);
  const removeLog = () => folder !== undefined && rmSync(folder, { recursive: true, force: true });
  await waitUntilUp(server, url).catch((error: Error) => {
    const lines = readFileSync(logFile, "utf8").trimEnd().split("\n").slice(-SHOWN_LINES);
    removeLog();
    throw new Error(`${error.message}. Its log:\n${lines.join("\n")}`);
  });
  // Functions are kept and never run: no container engine is asked for.
  const config = {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: '{"lambda":{"use_docker":false}}',
  };
  await fetch(`${url}/moto-api/config`, config);
  const cli = new AwsCli(environment);
  return {
    environment,
    async aws(...args) {
      const stdout = await cli.run([...args, "--output", "json"]);
      return stdout.trim() === "" ? {} : (JSON.parse(stdout) as Json);
    },
    async stop() {
      cli.stop();
      if (server.exitCode === null && server.signalCode === null) {
        server.kill("SIGKILL");
        await once(server, "exit");
      }
      removeLog();
    },
  };
}

/** Nothing of the user's own AWS settings is left: a slip must not reach a real account. */
function environmentFor(url: string, region: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_"));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: path.join(__dirname, "none"),
    AWS_SHARED_CREDENTIALS_FILE: path.join(__dirname, "none"),
  };
}

async function waitUntilUp(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    const isUp = await fetch(`${url}/moto-api/`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const ended = server.exitCode === null ? `within ${START_MS / 1000} s` : `and ended with ${server.exitCode}`;
  server.kill("SIGKILL");
  throw new Error(`the local AWS does not answer on ${url} ${ended}`);
}
