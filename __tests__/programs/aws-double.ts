import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { promisify } from "node:util";
import { until } from "../harness/poll";
import { freePort } from "./redis-server";

const run = promisify(execFile);

/** A local AWS: moto's server, and the real AWS CLI that speaks to it. */
export interface AwsDouble {
  /** Variables that make any AWS client use it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the AWS CLI; answers with its JSON. */
  aws(...args: string[]): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

export async function startAwsDouble(region: string): Promise<AwsDouble> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  await until(async () => (await fetch(`${url}/moto-api/`)).ok, "moto_server");
  const environment = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
  };
  return {
    environment,
    async aws(...args) {
      const { AWS_CA_BUNDLE: _, ...own } = process.env;
      const { stdout } = await run("aws", [...args, "--output", "json"], { env: { ...own, ...environment } });
      return stdout === "" ? {} : (JSON.parse(stdout) as Record<string, unknown>);
    },
    async stop() {
      server.kill("SIGKILL");
      if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
    },
  };
}
