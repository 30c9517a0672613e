import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { checkout } from "../programs/checkout";
import { type Finished, runNode } from "../programs/command";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { synthesize } from "./synthesize";

const REGION = "ap-northeast-1";
const STACK = "session-ecs";
const REPOSITORY = `123456789012.dkr.ecr.${REGION}.amazonaws.com/shop`;
const MANIFEST = { schemaVersion: 2, mediaType: "application/vnd.docker.distribution.manifest.v2+json", layers: [] };
/** A whole stack, several times. */
const LONG_MS = 900_000;

describeWith(["terraform", "moto_server", "aws"], "a deploy of an image that its repository lacks", () => {
  const work = mkdtempSync(path.join(os.tmpdir(), "bad-image-"));
  let double: StrictAws;
  let repository: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    double = await startStrictAws({ region: REGION });
    repository = checkout(true);
    await double.aws("ecr", "create-repository", "--repository-name", "shop");
    const image = ["--image-tag", "good", "--image-manifest", JSON.stringify(MANIFEST)];
    await double.aws("ecr", "put-image", "--repository-name", "shop", ...image);
    const { folder } = await synthesize(STACK, {
      settings: settings("good"),
      outdir: path.join(work, "out"),
      cwd: work,
    });
    const providers = findProviders(requiredProviders(folder));
    const variables = terraformVariables(providers, path.join(work, "terraform.rc"));
    environment = { ...double.environment, ...variables } as Record<string, string>;
  }, LONG_MS);
  afterAll(async () => {
    await double?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  function settings(tag: string) {
    const ecs = { http: true, allowedCidrs: ["203.0.113.0/24"], image: `${REPOSITORY}:${tag}`, repository: null };
    return { ec2: { allowedCidrs: ["0.0.0.0/0"] }, ecs };
  }

  function deploy(tag: string): Promise<Finished> {
    const file = path.join(repository, `${tag}.json`);
    writeFileSync(file, JSON.stringify(settings(tag)));
    const program = path.join(repository, "cli", "deploy", "main.ts");
    const args = ["--require", "./cli/typescript.cjs", program, "deploy", STACK, "--auto-approve", "--settings", file];
    return runNode(args, environment);
  }

  /** For each service: the image of its tasks, and how many run. */
  async function readServices(): Promise<(readonly [image: string, running: number])[]> {
    const { serviceArns } = await double.aws("ecs", "list-services", "--cluster", "session-ecs-web");
    const named = ["--cluster", "session-ecs-web", "--services", ...serviceArns];
    const { services } = await double.aws("ecs", "describe-services", ...named);
    return await Promise.all(
      (services as { taskDefinition: string; runningCount: number }[]).map(async (service) => {
        const asked = ["--task-definition", service.taskDefinition];
        const { taskDefinition } = await double.aws("ecs", "describe-task-definition", ...asked);
        return [taskDefinition.containerDefinitions[0].image, service.runningCount] as const;
      }),
    );
  }

  it(
    "fails with the reason of the tasks; the old ones go on serving, and the next deploy goes on from there",
    async () => {
      const good = [`${REPOSITORY}:good`, 2] as const;
      const first = await deploy("good");
      expect(first.code).toBe(0);
      // The last words before the apply: visitors of that network do not exist.
      expect(first.stderr).toMatch(
        /\nwarning: session-ecs: ecs\.allowedCidrs: 203\.0\.113\.0\/24 .*\nterraform apply \.\.\.\n/,
      );
      expect(await readServices()).toEqual([good, good]);

      const { code, stderr } = await deploy("missing");
      expect(code).toBe(1);
      expect(stderr.trim().split("\n").at(-1)).toMatch(
        /^terraform apply failed after \d+ s: session-ecs-web-service-1: CannotPullContainerError: .*shop:missing: not found; .*docs\/operations\.md#a-task-does-not-start$/,
      );
      expect(await readServices()).toEqual([good, good]);

      expect(await deploy("good")).toMatchObject({ code: 0, stderr: expect.not.stringContaining("rror") });
      expect(await readServices()).toEqual([good, good]);
    },
    LONG_MS,
  );
});
