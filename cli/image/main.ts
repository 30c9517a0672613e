import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { CpuArchitecture, LaunchType } from "../../modules/ecs/launch-type";
import { findArchitecture } from "../../modules/instances/instance-type";
import { readContext, readSettings, type Settings } from "../../settings";
import { main, SETTINGS_OPTION } from "../machine/command";
import { ROOT } from "../machine/root";
import { hasTag, logIn, parseRepository } from "./ecr";
import { ENGINE_NAMES, findEngine } from "./engine";

const FILES = ["Dockerfile", "webapp/dist/session-app.js", "webapp/dist/session-app.THIRD-PARTY-NOTICES.txt"];
const LOCAL_NAME = "session-app";
const PLATFORMS = { x86_64: "linux/amd64", arm64: "linux/arm64" } as const;

/** The platform of the tasks of session-ecs. A stack that the settings leave out has the default, arm64. */
function findPlatform({ ecs }: Settings): string {
  const { launchType, architecture = CpuArchitecture.ARM64, instances } = ecs ?? {};
  if (launchType === LaunchType.EC2) return PLATFORMS[findArchitecture(instances?.instanceType ?? "t4g.medium")];
  return PLATFORMS[architecture === CpuArchitecture.ARM64 ? "arm64" : "x86_64"];
}

/** The tag of an image, a hash of its content: the Dockerfile, its base, the bundle with its notices, and the architecture. */
function content(platform: string, baseImage = ""): { readonly tag: string; readonly bundleSha256: string } {
  const [recipe, bundleSha256, notices] = FILES.map((file) =>
    hash("sha256", readFileSync(path.join(ROOT, file)), "hex"),
  ) as [string, string, string];
  const architecture = platform.replace("linux/", "");
  const digest = hash("sha256", `${recipe}${baseImage}${bundleSha256}${notices}`, "hex");
  return { bundleSha256, tag: `${digest.slice(0, 16)}-${architecture}` };
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

void main({
  name: "image",
  says: "Builds the app's image under a tag made of its content, and prints its name.",
  finds: "when the engine fails to build or push it",
  options: {
    push: {
      value: "<repository>",
      says: "ECR repository to push it to, as in 123456789012.dkr.ecr.<region>.amazonaws.com/<name>",
    },
    engine: { value: "<name>", says: "instead of the first one that answers", choices: ENGINE_NAMES },
    platform: {
      value: "<platform>",
      says: "what it will run on, without emulation; that of session-ecs when left out",
      choices: Object.values(PLATFORMS),
    },
    settings: SETTINGS_OPTION,
  },
  async run(_operands, { push, engine: named, platform: asked, settings: file }) {
    process.chdir(ROOT);
    const settings = readSettings(readContext(ROOT, process.env.CDKTF_CONTEXT_JSON, file));
    const platform = asked ?? findPlatform(settings);
    const baseImage = settings.ecs?.baseImages?.node;
    const repository = push === undefined ? undefined : parseRepository(push);
    const { tag, bundleSha256 } = content(platform, baseImage);
    const image = `${repository?.uri ?? LOCAL_NAME}:${tag}`;
    const engine = await findEngine(named);
    if (repository !== undefined && (await hasTag(repository, tag))) say(`${image}: is there already`);
    else {
      say(`${engine.name}: builds ${image} for ${platform}`);
      await engine.build({ image, platform, bundleSha256, baseImage });
      if (repository !== undefined) {
        await logIn(engine, repository);
        await engine.push(image);
      }
    }
    process.stdout.write(`${image}\n`);
  },
});
