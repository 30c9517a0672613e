import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Pod, type RunningContainer, startPod } from "../../programs/container";
import { OwnNetwork } from "../../programs/own-network";
import type { StrictAws } from "../aws-double/start";
import type { RunningServer } from "./server";
import { givenByAws, type Surroundings, waysFrom } from "./surroundings";
import type { ContainerDefinition, TaskPlan } from "./task-plans";

/** The behaviour of ECS and Docker that the stand-ins here lack. */
export const TASK_STAND_INS = [
  "images: this machine's Node.js and AWS CLI in their place",
  "the owner of files: a user without privileges still owns root's",
];

/** ECS sets it in each container: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4.html */
const SET_BY_ECS = { ECS_CONTAINER_METADATA_URI_V4: "http://169.254.170.2/v4/0123456789abcdef" };

/**
 * Runs a task: each container's own command, environment and user, in the order of its dependencies, with a network of
 * its own and volumes that live as long as it.
 *
 * @throws when a container that must end well does not, with what it said; {Closed} when a cache is out of its reach.
 */
export async function startTask(plan: TaskPlan, surroundings: Surroundings): Promise<RunningServer> {
  const { name, end, zone, role, containers, serving, targetGroup, hostPorts } = plan;
  const ways = await waysFrom({ end, role, told: JSON.stringify(containers) }, surroundings);
  const network = await OwnNetwork.open({ hostName: name, ways, serves: [serving.port] });
  const folder = mkdtempSync(path.join(os.tmpdir(), "task-"));
  const pod = await startPod(network);
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= pod.stop().then(async () => {
      await network.close();
      rmSync(folder, { recursive: true, force: true });
    });
    return closed;
  };
  surroundings.opened(close);
  const started = await startContainers(pod, plan, folder, surroundings);
  const app = started.get(serving.container) as RunningContainer;
  const { stopTimeout = 30 } = containers.find((definition) => definition.name === serving.container) ?? {};
  return {
    name,
    end,
    zone,
    port: network.findPort(serving.port),
    targetGroup,
    hostPorts,
    isAlive: () => app.process.exitCode === null && app.process.signalCode === null,
    pid: () => app.process.pid as number,
    output: () => [...started.values()].map((container) => container.output()).join(""),
    kill: close,
    async stop() {
      app.process.kill("SIGTERM");
      const late = setTimeout(() => app.process.kill("SIGKILL"), stopTimeout * 1000);
      await app.ended;
      clearTimeout(late);
      await close();
    },
  };
}

/** Those that others wait for first, to their end. */
async function startContainers(
  pod: Pod,
  { name, end, role, containers }: TaskPlan,
  folder: string,
  surroundings: Surroundings,
): Promise<Map<string, RunningContainer>> {
  const started = new Map<string, RunningContainer>();
  const { ca } = surroundings.certificate;
  const given = givenByAws(end, role, surroundings, ca);
  const start = async (definition: ContainerDefinition): Promise<RunningContainer> => {
    const already = started.get(definition.name);
    if (already !== undefined) return already;
    for (const { containerName, condition } of definition.dependsOn ?? []) {
      const other = containers.find((candidate) => candidate.name === containerName);
      if (other === undefined)
        throw new Error(`${name}: ${definition.name} waits for ${containerName}, which there is not`);
      const container = await start(other);
      if (condition === "START" || condition === "HEALTHY") continue;
      const code = await container.ended;
      if (condition === "SUCCESS" && code !== 0) {
        throw new Error(`${name}: ${containerName} ended with ${code}:\n${container.output()}`);
      }
    }
    const secrets = await resolveSecrets(surroundings.double, definition);
    const environment = Object.fromEntries((definition.environment ?? []).map((one) => [one.name, one.value]));
    const container = pod.run({
      command: [...(definition.entryPoint ?? []), ...(definition.command ?? [])],
      environment: { ...given, ...SET_BY_ECS, ...environment, ...secrets },
      user: definition.user ?? "0",
      readOnly: definition.readonlyRootFilesystem ?? false,
      mounts: (definition.mountPoints ?? []).map(({ sourceVolume, containerPath, readOnly = false }) => {
        const volume = path.join(folder, sourceVolume);
        mkdirSync(volume, { recursive: true });
        return { folder: volume, at: containerPath, readOnly };
      }),
      files: [ca],
    });
    started.set(definition.name, container);
    return container;
  };
  for (const definition of containers) await start(definition);
  return started;
}

async function resolveSecrets(
  { aws }: StrictAws,
  { secrets = [] }: ContainerDefinition,
): Promise<Record<string, string>> {
  const values = secrets.map(async ({ name, valueFrom }) => {
    const { SecretString } = await aws("secretsmanager", "get-secret-value", "--secret-id", valueFrom);
    return [name, SecretString] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}
