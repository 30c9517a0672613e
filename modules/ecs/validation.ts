import { Token } from "cdktf";
import type { Construct } from "constructs";
import { parseArchitecture } from "../instances/instance-type";
import { checkSsh } from "../instances/ssh";
import { SERVICE_KEY } from "../load-balancer/service-key";
import { checkOneOf, checkText, ValidationError } from "../validation";
import type { Timings } from "../web-app";
import { CpuArchitecture, LaunchType } from "./launch-type";
import { ContainerInsights, type EcsTopologyProps, type PathService } from "./props";
import type { ResolvedProps } from "./resolve-props";

/** The longest stop timeout on Fargate. */
const MOST_STOP_SECONDS = 120;
/** ECS' default stop timeout. */
const LEAST_STOP_SECONDS = 30;
/** Time from the last answer to the end of the process. */
const EXIT_SECONDS = 5;

/**
 * Time from SIGTERM to SIGKILL in seconds: the drain and the longest request after it. Before ECS sends SIGTERM, the load balancer has
 * already waited for current requests. So the upper limit cuts off no request of a well-behaved client.
 */
export function computeStopTimeout({ drainSeconds, longestRequestSeconds }: Timings): number {
  const wanted = drainSeconds + longestRequestSeconds + EXIT_SECONDS;
  return Math.min(MOST_STOP_SECONDS, Math.max(LEAST_STOP_SECONDS, wanted));
}

/** @throws {ValidationError} when props are unknown or contradict each other, or the tasks could not start. */
export function checkTopology(scope: Construct, props: EcsTopologyProps, resolved: ResolvedProps): void {
  checkOneOf(scope, "launchType", resolved.launchType, LaunchType, { atSynth: true });
  checkOneOf(scope, "architecture", resolved.architecture, CpuArchitecture);
  checkOneOf(scope, "containerInsights", resolved.containerInsights, ContainerInsights);
  checkLaunchType(scope, props, resolved.launchType);
  checkSsh(scope, props.ssh);
  checkServices(scope, resolved.services);
  checkShells(scope, resolved);
  checkDrain(scope, resolved.app.timings);
  checkWayToImage(scope, resolved);
  checkArchitecture(scope, resolved);
}

function findArchitecture(scope: Construct, { launchType, architecture, instances }: ResolvedProps): CpuArchitecture {
  if (launchType === LaunchType.FARGATE) return architecture;
  const isArm = parseArchitecture(scope, instances.instanceType) === "arm64";
  return isArm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64;
}

/** The architecture by the end of an image's tag, as `npm run image` and Docker's official images write it. */
const MADE_FOR: Readonly<Record<string, CpuArchitecture>> = {
  amd64: CpuArchitecture.X86_64,
  x86_64: CpuArchitecture.X86_64,
  arm64: CpuArchitecture.ARM64,
  aarch64: CpuArchitecture.ARM64,
};

/** On another processor, Docker reports "exec format error", and the task ends. */
function checkArchitecture(scope: Construct, resolved: ResolvedProps): void {
  if (resolved.image === undefined) return;
  const { uri } = resolved.image;
  const processor = findArchitecture(scope, resolved);
  const [, suffix = ""] = /[-.:](amd64|x86_64|arm64|aarch64)(?:@sha256:[0-9a-f]+)?$/.exec(uri) ?? [];
  const madeFor = MADE_FOR[suffix];
  if (madeFor === undefined || madeFor === processor || Token.isUnresolved(processor)) return;
  throw new ValidationError(scope, {
    what: "image.uri",
    got: `${uri}, made for ${madeFor}, on ${processor}`,
    allowed: `an image for ${processor}, which tasks run on`,
    fix: `build it by npm run image -- --platform linux/${processor === CpuArchitecture.ARM64 ? "arm64" : "amd64"}, or run tasks on ${madeFor}`,
  });
}

/** Props of one launch type, which mean nothing with the other one. */
const OF_LAUNCH_TYPE = [
  { what: "instances", with: LaunchType.EC2, fix: "leave it out, or take EC2" },
  {
    what: "ssh",
    with: LaunchType.EC2,
    fix: "leave it out: Fargate has no instances, and executeCommand opens a shell in a task; or take EC2",
  },
  { what: "architecture", with: LaunchType.FARGATE, fix: "leave it out: the instance type decides" },
] as const;

function checkLaunchType(scope: Construct, props: EcsTopologyProps, launchType: LaunchType): void {
  const other = OF_LAUNCH_TYPE.find((one) => props[one.what] !== undefined && one.with !== launchType);
  if (other === undefined) return;
  throw new ValidationError(scope, {
    what: other.what,
    got: `a value with launchType ${launchType}`,
    allowed: `${other.what} with ${other.with} alone`,
    fix: other.fix,
  });
}

function checkServices(scope: Construct, services: readonly PathService[]): void {
  if (services.length === 0) {
    throw new ValidationError(scope, {
      what: "services",
      got: "none",
      allowed: "at least one",
      fix: `leave it out for the two default services, or give [{ key: "web", paths: [] }]`,
    });
  }
  // The load balancer checks the keys of its rules later. Resources with the key in their address are created before them.
  const keys = services.map(({ key }) => key);
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) {
    throw new ValidationError(scope, {
      what: "services: key",
      got: `${twice} twice`,
      allowed: "each key once",
      fix: "give one of them another key",
    });
  }
  for (const key of keys) checkText(scope, "services: key", key, SERVICE_KEY);
  const idle = services.slice(1).find(({ paths }) => paths.length === 0);
  if (idle === undefined) return;
  throw new ValidationError(scope, {
    what: `services: ${idle.key}`,
    got: "no paths",
    allowed: "paths of its own for each service but the first",
    fix: "give it paths, or put it first",
  });
}

function checkShells(scope: Construct, { executeCommand, readonlyRootFilesystem }: ResolvedProps): void {
  if (!(executeCommand && readonlyRootFilesystem)) return;
  throw new ValidationError(scope, {
    what: "executeCommand",
    got: "true with a read-only root file system",
    allowed: "ECS Exec where its agent can write",
    fix: "set readonlyRootFilesystem to false as well, or leave executeCommand out and look at the logs",
  });
}

function checkDrain(scope: Construct, { drainSeconds }: Timings): void {
  const most = MOST_STOP_SECONDS - EXIT_SECONDS;
  if (drainSeconds <= most) return;
  throw new ValidationError(scope, {
    what: "app.timings.drainSeconds",
    got: drainSeconds,
    allowed: `at most ${most}: a task is killed ${MOST_STOP_SECONDS} s after SIGTERM`,
    fix: "shorten it",
  });
}

function checkWayToImage(scope: Construct, { network, image, pulled }: ResolvedProps): void {
  const online = network.privateSubnets.every((subnet) => subnet.reachesInternet);
  if (online || pulled.every(({ throughEndpoints }) => throughEndpoints)) return;
  throw new ValidationError(scope, {
    what: "image",
    got: `${image === undefined ? "none" : image.uri} in subnets without a way to the internet`,
    allowed: "an image in ECR of the stack's region, which comes through endpoints; public registries have none",
    fix: "give the network a NAT, Nat.SINGLE, or push an image with npm run image and name it",
  });
}
