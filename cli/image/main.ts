import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { Command, Option } from "commander";
import { ROOT } from "../machine/root";
import { hasTag, logIn, parseRepository } from "./ecr";
import { ENGINE_NAMES, findEngine, ImageError } from "./engine";

const FILES = ["Dockerfile", "webapp/dist/session-app.js", "webapp/dist/session-app.THIRD-PARTY-NOTICES.txt"];
const LOCAL_NAME = "session-app";
const ARCHITECTURES = { x64: "linux/amd64", arm64: "linux/arm64" } as Record<string, string>;

interface Options {
  readonly push?: string;
  readonly engine?: string;
  readonly platform: string;
}

/** `npm run image`: builds the app's image under a tag made of its content; its name is the one line on stdout. */
function main({ push, engine: named, platform }: Options): void {
  const repository = push === undefined ? undefined : parseRepository(push);
  const { tag, bundleSha256 } = content(platform);
  const image = `${repository?.uri ?? LOCAL_NAME}:${tag}`;
  const engine = findEngine(named);
  if (repository !== undefined && hasTag(repository, tag)) say(`${image}: is there already`);
  else {
    say(`${engine.name}: builds ${image} for ${platform}`);
    engine.build({ image, platform, bundleSha256 });
    if (repository !== undefined) {
      logIn(engine, repository);
      engine.push(image);
    }
  }
  process.stdout.write(`${image}\n`);
}

/** What an image is made of, as its tag: the recipe, the bundle and its notices, the architecture. */
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

process.chdir(ROOT);
try {
  const command = new Command("npm run image --")
    .description("Builds the app's image under a tag made of its content, and prints its name.")
    .option(
      "--push <repository>",
      "ECR repository to push it to, as in 123456789012.dkr.ecr.<region>.amazonaws.com/<name>",
    )
    .addOption(new Option("--engine <name>", "instead of the first one that answers").choices(ENGINE_NAMES))
    .addOption(
      new Option("--platform <platform>", "what it will run on; needs no emulation")
        .choices(Object.values(ARCHITECTURES))
        .default(ARCHITECTURES[process.arch] ?? "linux/amd64"),
    )
    .showSuggestionAfterError()
    .parse();
  main(command.opts<Options>());
} catch (error) {
  if (!(error instanceof ImageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
