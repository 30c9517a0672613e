import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import path from "node:path";
import { freePort } from "../../programs/redis-server";
import { AwsCli } from "./cli";

const START_MS = 60_000;
const PAUSE_MS = 50;

/** The strict local AWS, and the real AWS CLI that speaks to it. */
export interface StrictAws {
  /** Variables that make any AWS client, Terraform's provider too, speak to it and to nothing else. */
  readonly environment: Readonly<NodeJS.ProcessEnv>;
  /** Runs the AWS CLI; answers with its JSON. @throws with what the CLI wrote when AWS refuses. */
  aws(...args: string[]): Promise<Json>;
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: whatever an AWS service answers
export type Json = Record<string, any>;

export interface StrictAwsOptions {
  readonly region: string;
  /** Where its log goes. @default - nowhere */
  readonly log?: string;
  /** A file that names refusals which are off while they stand there. @default - all refuse */
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
  const out = log === undefined ? "ignore" : openSync(log, "w");
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
  if (typeof out === "number") closeSync(out);
  await answering(server, url);
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
      if (server.exitCode !== null || server.signalCode !== null) return;
      server.kill("SIGKILL");
      await once(server, "exit");
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

async function answering(server: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline && server.exitCode === null) {
    if (
      await fetch(`${url}/moto-api/`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  server.kill("SIGKILL");
  throw new Error(
    `the AWS double does not answer on ${url}; its own words: python3 ${path.join(__dirname, "server.py")}`,
  );
}
