import { spawnSync } from "node:child_process";

/** Programs that build images, in the order they are asked, with where each comes from. */
const ENGINES = {
  docker: "https://docs.docker.com/engine/install/",
  podman: "https://podman.io/docs/installation",
  finch: "https://runfinch.com",
  nerdctl: "https://github.com/containerd/nerdctl",
  buildah: "https://github.com/containers/buildah/blob/main/install.md",
} as const;

type EngineName = keyof typeof ENGINES;
export const ENGINE_NAMES = Object.keys(ENGINES) as EngineName[];

/** A program could not be found or failed; says which, and what to do. */
export class ImageError extends Error {
  override readonly name = "ImageError";
}

/** An image engine that answers. All of them share the words used here. */
export interface Engine {
  readonly name: EngineName;
  /** Builds `Dockerfile` in this folder. */
  build(options: BuildOptions): void;
  push(image: string): void;
  login(registry: string, password: string): void;
}

interface BuildOptions {
  readonly image: string;
  /** As in linux/arm64. */
  readonly platform: string;
  readonly bundleSha256: string;
}

/**
 * The first engine on PATH that answers, or the one named.
 *
 * @throws {ImageError} with each one's own reason when none does.
 */
export function findEngine(named: string | undefined): Engine {
  const reasons: string[] = [];
  for (const name of ENGINE_NAMES) {
    if (named !== undefined && named !== name) continue;
    const { error, status, stderr } = spawnSync(name, ["version"], { encoding: "utf8" });
    if (status === 0) return engine(name);
    const why = isMissing(error) ? `is not on PATH: ${ENGINES[name]}` : lastLine(stderr) || "does not answer";
    reasons.push(`  ${name}: ${why}`);
  }
  throw new ImageError(["image: no engine that builds images answers:", ...reasons].join("\n"));
}

function engine(name: EngineName): Engine {
  // The time of the build is no content: with it each build would be another image.
  const timeless =
    name === "podman" || name === "buildah" ? ["--timestamp", "0"] : ["--build-arg", "SOURCE_DATE_EPOCH=0"];
  return {
    name,
    build({ image, platform, bundleSha256 }) {
      const from = ["--build-arg", `BUNDLE_SHA256=${bundleSha256}`, ...timeless];
      run(name, ["build", "--platform", platform, ...from, "--file", "Dockerfile", "--tag", image, "."]);
    },
    push: (image) => void run(name, ["push", image]),
    login: (registry, password) =>
      void run(name, ["login", "--username", "AWS", "--password-stdin", registry], password),
  };
}

/**
 * Runs a program to its end; people see what it says on stderr, since stdout is for the image's name.
 *
 * @param install - what to say when it is not there.
 * @returns what it wrote on stdout.
 * @throws {ImageError} when it is not there or fails.
 */
export function run(program: string, args: readonly string[], input?: string, install?: string): string {
  const { error, status, stdout } = spawnSync(program, args, {
    encoding: "utf8",
    stdio: ["pipe", input === undefined && program !== "aws" ? 2 : "pipe", 2],
    // Attestations carry the time of the build.
    env: { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
    ...(input === undefined ? {} : { input }),
  });
  if (isMissing(error)) throw new ImageError(`image: ${program} is not on PATH${install ? `: ${install}` : ""}`);
  if (status !== 0) throw new ImageError(`image: ${program} ${args[0]} ended with ${status ?? error?.message}`);
  return stdout ?? "";
}

function isMissing(error: Error | undefined): boolean {
  return (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
