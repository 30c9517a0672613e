import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { installedProvider } from "./provider";

/** A provider that stays, and is asked by one command of Terraform after the other. */
export interface ProviderProcess {
  /** Variables by which Terraform finds it. */
  readonly variables: Readonly<NodeJS.ProcessEnv>;
  stop(): Promise<void>;
}

/** How a provider says where it is. */
const ANNOUNCED = /TF_REATTACH_PROVIDERS='(.*)'/;
const STOP_MS = 10_000;

/**
 * Starts the provider that `terraform init` chose for a folder. Otherwise each command of Terraform's starts it three
 * times and hashes its 700 MB, which is half of what a plan computes.
 *
 * @throws when it ends before it has said where it is.
 * @see https://developer.hashicorp.com/terraform/plugin/debugging
 */
export async function startProvider(
  folder: string,
  { environment, log }: { readonly environment: NodeJS.ProcessEnv; readonly log: string },
): Promise<ProviderProcess> {
  const command = [installedProvider(folder), "-debug"];
  const child = spawn("nice", command, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  child.stderr.pipe(createWriteStream(log));
  return {
    variables: { TF_REATTACH_PROVIDERS: await announcement(child) },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // So it takes its socket away.
      child.kill("SIGINT");
      const bound = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await once(child, "exit");
      clearTimeout(bound);
    },
  };
}

/** Resolves to the provider's announcement. Later output is read too, so that the process does not block. */
function announcement(child: ChildProcess): Promise<string> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (chunk) => {
      said += chunk;
      const announced = ANNOUNCED.exec(said)?.[1];
      if (announced !== undefined) resolve(announced);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the provider ended with ${code}: ${said}`)));
  });
}
