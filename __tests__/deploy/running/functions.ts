import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { LocalFunction } from "../../../cli/dev/lambda/function";
import type { Launch } from "../../../cli/dev/lambda/function-process";
import { unzip } from "../../../cli/dev/lambda/unzip";
import { type RunningContainer, startPod } from "../../programs/container";
import { OwnNetwork } from "../../programs/own-network";
import { region } from "../synthesize";
import type { End } from "./paths";
import type { Applied } from "./state";
import { givenByAws, type Surroundings, waysFrom } from "./surroundings";

/** A function as applied. */
export interface RunningFunction {
  readonly name: string;
  /** Answers as its handler does. @throws {FunctionError} what the handler threw. */
  invoke(event: unknown): Promise<unknown>;
  /** From now on invokes what the state says now; what is under way ends as it began. */
  follow(folder: string): Promise<void>;
  /** Notes what was said of it. */
  say(line: string): void;
  /** The output of its processes so far. */
  output(): string;
}

/** The behaviour of Lambda that the stand-ins here lack. */
export const FUNCTION_STAND_INS = ["Lambda's runtime: this machine's Node.js, by the runtime API"];

/** Whom Lambda runs functions as. */
const SANDBOX_USER = "993:990";
/** Processes at once: two browsers ask for a page, its style and its icon over six connections each. */
const MOST_AT_ONCE = 12;

/**
 * A function with its own zip, handler, variables and limits; each of its processes has a network of its own.
 *
 * @param folder - the stack's, which its file name is relative to.
 * @throws {Closed} when a cache is out of its reach.
 */
export async function openFunction(
  applied: Applied,
  folder: string,
  surroundings: Surroundings,
): Promise<RunningFunction> {
  const { function_name: name } = applied;
  const said: string[] = [];
  const containers: RunningContainer[] = [];
  let hash = applied.source_code_hash;
  let current = await openVersion(applied, folder, surroundings, containers);
  return {
    name,
    invoke: (event) => current.invoke(event),
    async follow(edited) {
      const now = surroundings.state.by("aws_lambda_function", "function_name", name);
      if (now.source_code_hash === hash) return;
      hash = now.source_code_hash;
      current = await openVersion(now, edited, surroundings, containers);
    },
    say: (line) => void said.push(line),
    output: () => [...said, ...containers.map((container) => container.output())].join("\n"),
  };
}

async function openVersion(
  applied: Applied,
  folder: string,
  surroundings: Surroundings,
  containers: RunningContainer[],
): Promise<LocalFunction> {
  const { function_name: name, vpc_config, environment, role } = applied;
  const { security_group_ids: securityGroups = [], subnet_ids: subnets = [] } = vpc_config[0] ?? {};
  const end: End = { name: `function ${name}`, securityGroups, subnetId: subnets[0] };
  const variables: Record<string, string> = environment[0]?.variables ?? {};
  const ways = await waysFrom({ end, role, told: JSON.stringify(variables) }, surroundings);
  const { ca } = surroundings.certificate;
  const root = mkdtempSync(path.join(os.tmpdir(), "function-"));
  unzip(path.join(folder, applied.filename), root);

  const launch: Launch = async (command, env, api) => {
    const runtimeApi = { host: "127.0.0.1", port: Number(api.split(":")[1]) };
    const own = [...ways, { ...runtimeApi, leadsTo: () => runtimeApi.port }];
    const network = await OwnNetwork.open({ hostName: `${name}-${containers.length + 1}`, ways: own, serves: [] });
    const pod = await startPod(network);
    const mounts = [{ folder: root, at: root, readOnly: true }];
    const files = [ca, ...command.filter((word) => path.isAbsolute(word))];
    const container = pod.run({ command, environment: env, user: SANDBOX_USER, readOnly: true, mounts, files });
    containers.push(container);
    const closed = container.ended.then(() => pod.stop()).then(() => network.close());
    surroundings.opened(async () => {
      container.process.kill("SIGKILL");
      await closed;
    });
    return container.process;
  };
  const lambda = new LocalFunction({
    name,
    region: region(),
    root,
    handler: applied.handler,
    environment: { ...givenByAws(end, role, surroundings, ca), ...variables },
    timeoutSeconds: applied.timeout,
    memoryMib: applied.memory_size,
    mostAtOnce: MOST_AT_ONCE,
    // Containers keep what they say themselves.
    say: () => {},
    launch,
  });
  surroundings.opened(async () => {
    await lambda.stop();
    rmSync(root, { recursive: true, force: true });
  });
  return lambda;
}
