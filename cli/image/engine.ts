import { UserError } from "../../environment/user-error";
import { FailedError } from "../machine/failed-error";
import { isOnPath, missing, type RunOptions, run } from "../machine/programs";

/** Programs that build images, in order of preference. */
export const ENGINE_NAMES = ["docker", "podman", "finch", "nerdctl", "buildah"] as const;
type EngineName = (typeof ENGINE_NAMES)[number];

/** An image engine that works. All of them have the arguments that are used here. */
export interface Engine {
  readonly name: EngineName;
  /** Builds `Dockerfile` in this folder. */
  build(options: BuildOptions): Promise<void>;
  push(image: string): Promise<void>;
  login(registry: string, password: string): Promise<void>;
}

interface BuildOptions {
  readonly image: string;
  /** Platform of the engine, as in linux/arm64. */
  readonly platform: string;
  readonly bundleSha256: string;
  /** Image of Node.js. @default - the Dockerfile's */
  readonly baseImage: string | undefined;
}

/**
 * Finds the first engine on PATH that works, or the named one.
 *
 * @throws {UserError} with the error of each engine when none works.
 */
export async function findEngine(named: string | undefined): Promise<Engine> {
  const reasons: string[] = [];
  for (const name of ENGINE_NAMES.filter((one) => named === undefined || named === one)) {
    if (!isOnPath(name)) {
      reasons.push(missing(name).message);
      continue;
    }
    const { code, stderr } = await run(name, ["version"]);
    if (code === 0) return engine(name);
    reasons.push(`${name}: ${stderr.trim().split("\n").at(-1) || "does not answer"}`);
  }
  throw new UserError(["no engine that builds images answers:", ...reasons.map((line) => `  ${line}`)].join("\n"));
}

function engine(name: EngineName): Engine {
  // Without the time of the build, so that the same content makes the same image. Attestations contain the time too.
  const timeless =
    name === "podman" || name === "buildah" ? ["--timestamp", "0"] : ["--build-arg", "SOURCE_DATE_EPOCH=0"];
  const env = { ...process.env, BUILDX_NO_DEFAULT_ATTESTATIONS: "1" };
  // The engine's output goes to standard error, because standard output is for the image's name.
  const work = async (args: readonly string[], options: RunOptions = {}) => {
    const { code } = await run(name, args, { env, isShown: true, ...options });
    if (code !== 0) throw new FailedError(`${name} ${args[0]} ended with ${code ?? "a signal"}`);
  };
  return {
    name,
    build: ({ image, platform, bundleSha256, baseImage }) => {
      const base = baseImage === undefined ? [] : ["--build-arg", `NODE_IMAGE=${baseImage}`];
      const from = ["--build-arg", `BUNDLE_SHA256=${bundleSha256}`, ...base, ...timeless];
      return work(["build", "--platform", platform, ...from, "--file", "Dockerfile", "--tag", image, "."]);
    },
    push: (image) => work(["push", image]),
    login: (registry, password) =>
      work(["login", "--username", "AWS", "--password-stdin", registry], { input: password }),
  };
}
