import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { until } from "../harness/poll";
import { type LocalCommand, startCommand } from "./local-command";
import { twoServices } from "./two-services";

/** `npm run dev:ecs` on the JSON of a stack with two services. */
export interface LocalEcs extends LocalCommand {
  /** Process id of a task by its host name, once it is healthy. */
  pidOf(host: string): Promise<number>;
}

/** Starts it with these variables and waits until it listens. */
export async function startEcs(variables: Readonly<Record<string, string>> = {}): Promise<LocalEcs> {
  const dir = mkdtempSync(path.join(os.tmpdir(), "local-ecs-"));
  const file = path.join(dir, "cdk.tf.json");
  writeFileSync(file, twoServices());
  // It reads the file before it listens.
  const command = await startCommand("ecs.ts", file, variables).finally(() => rmSync(dir, { recursive: true }));
  return {
    ...command,
    pidOf: async (host) =>
      Number(
        await until(
          () => new RegExp(`${host}: healthy, process (\\d+)`).exec(command.output())?.[1],
          `${host} to be healthy`,
        ),
      ),
  };
}
