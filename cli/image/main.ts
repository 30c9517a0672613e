import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { main } from "../machine/command";
import { ROOT } from "../machine/root";
import { hasTag, logIn, parseRepository } from "./ecr";
import { ENGINE_NAMES, findEngine } from "./engine";

const FILES = ["Dockerfile", "webapp/dist/session-app.js", "webapp/dist/session-app.THIRD-PARTY-NOTICES.txt"];
const LOCAL_NAME = "session-app";
const ARCHITECTURES = { x64: "linux/amd64", arm64: "linux/arm64" } as Record<string, string>;

/** The tag of an image, a hash of its content: the Dockerfile, the bundle with its notices, and the architecture. */
function content(platform: string): { readonly tag: string; readonly bundleSha256: string } {
  const [recipe, bundleSha256, notices] = FILES.map((file) =>
    hash("sha256", readFileSync(path.join(ROOT, file)), "hex"),
  ) as [string, string, string];
  const architecture = platform.replace("linux/", "");
  const digest = hash("sha256", `${recipe}${bundleSha256}${notices}`, "hex");
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
      says: "what it will run on, without emulation; this machine's when left out",
      choices: Object.values(ARCHITECTURES),
    },
  },
  async run(_operands, { push, engine: named, platform = ARCHITECTURES[process.arch] ?? "linux/amd64" }) {
    process.chdir(ROOT);
    const repository = push === undefined ? undefined : parseRepository(push);
    const { tag, bundleSha256 } = content(platform);
    const image = `${repository?.uri ?? LOCAL_NAME}:${tag}`;
    const engine = await findEngine(named);
    if (repository !== undefined && (await hasTag(repository, tag))) say(`${image}: is there already`);
    else {
      say(`${engine.name}: builds ${image} for ${platform}`);
      await engine.build({ image, platform, bundleSha256 });
      if (repository !== undefined) {
        await logIn(engine, repository);
        await engine.push(image);
      }
    }
    process.stdout.write(`${image}\n`);
  },
});
