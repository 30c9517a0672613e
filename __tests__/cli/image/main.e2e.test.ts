import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Finished, runNode } from "../../programs/command";
import { type Recorded, recordedPrograms } from "../../programs/recorded";

const REGISTRY = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
const REPOSITORY = `${REGISTRY}/session-app`;
const BUNDLE = path.join(__dirname, "..", "..", "..", "webapp", "dist", "session-app.js");
/** The AWS CLI, with a repository that has these tags. */
const aws = (...tags: string[]) => {
  const images = JSON.stringify({ images: tags.map((imageTag) => ({ imageId: { imageTag } })) });
  return `case "$*" in *get-login-password*) echo hush ;; *batch-get-image*) echo '${images}' ;; esac`;
};
/** The last arguments of each call of the AWS CLI. */
const ASKED = "--region ap-northeast-1 --output json --cli-connect-timeout 5";
const AWAY = "echo 'the daemon is away' >&2; exit 1";

let recorded: Recorded | undefined;
afterEach(() => {
  recorded?.remove();
  recorded = undefined;
});

/** `npm run image -- ...` where these programs are on PATH and no others. */
function image(programs: Readonly<Record<string, string>>, ...args: string[]): Promise<Finished> {
  recorded = recordedPrograms(programs);
  return runNode(["--require", "./cli/typescript.cjs", "cli/image/main.ts", ...args], { PATH: recorded.path });
}
const calls = () => recorded?.calls() ?? [];

const work = mkdtempSync(path.join(os.tmpdir(), "image-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));
/** @returns a file of settings. */
function write(settings: object): string {
  const file = path.join(work, "settings.json");
  writeFileSync(file, JSON.stringify(settings));
  return file;
}

describe("npm run image", () => {
  it.each([
    { name: "docker", timeless: "--build-arg SOURCE_DATE_EPOCH=0" },
    { name: "podman", timeless: "--timestamp 0" },
    { name: "finch", timeless: "--build-arg SOURCE_DATE_EPOCH=0" },
    { name: "nerdctl", timeless: "--build-arg SOURCE_DATE_EPOCH=0" },
    { name: "buildah", timeless: "--timestamp 0" },
  ])("builds with $name, under a tag made of the content, and prints the name alone", async ({ name, timeless }) => {
    const { code, stdout } = await image({ [name]: "echo noise" }, "--platform", "linux/arm64");
    expect(stdout).toMatch(/^session-app:[0-9a-f]{16}-arm64\n$/);
    const sha256 = createHash("sha256").update(readFileSync(BUNDLE)).digest("hex");
    expect(calls()).toEqual([
      `${name} version`,
      `${name} build --platform linux/arm64 --build-arg BUNDLE_SHA256=${sha256} ${timeless} --file Dockerfile --tag ${stdout.trim()} .`,
    ]);
    expect(code).toBe(0);
  });

  it.each([
    { settings: {}, platform: "linux/arm64" },
    { settings: { ecs: { architecture: "X86_64" } }, platform: "linux/amd64" },
    { settings: { ecs: { launchType: "EC2", instances: { instanceType: "m7i.large" } } }, platform: "linux/amd64" },
    { settings: { ecs: { launchType: "EC2" } }, platform: "linux/arm64" },
    { settings: { ecs: null }, platform: "linux/arm64" },
  ])("builds for the tasks of session-ecs: $settings", async ({ settings, platform }) => {
    await image({ docker: "" }, "--settings", write(settings));
    expect(calls().at(-1)).toContain(`docker build --platform ${platform} `);
  });

  it("builds on the base image of the settings, under a tag of its own", async () => {
    const { stdout: usual } = await image({ docker: "" });
    const node =
      "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/ecr-public/docker/library/node:24.21.0-bookworm-slim";
    const { stdout } = await image({ docker: "" }, "--settings", write({ ecs: { baseImages: { node } } }));
    expect(calls().at(-1)).toContain(` --build-arg NODE_IMAGE=${node} `);
    expect(stdout).toMatch(/^session-app:[0-9a-f]{16}-arm64\n$/);
    expect(stdout).not.toBe(usual);
  });

  it("makes one tag of one content, and another for another architecture", async () => {
    const readTag = async (platform: string) => (await image({ docker: "" }, "--platform", platform)).stdout;
    const [first, again, other] = [
      await readTag("linux/amd64"),
      await readTag("linux/amd64"),
      await readTag("linux/arm64"),
    ];
    expect(again).toBe(first);
    expect(other).toBe(first.replace("amd64", "arm64"));
  });

  it("pushes to ECR: asks for the tag, builds, logs in without showing the password, pushes", async () => {
    const { code, stdout, stderr } = await image({ docker: "", aws: aws() }, "--push", REPOSITORY);
    expect(code).toBe(0);
    const [, tag] = stdout.trim().split(":");
    expect(stdout).toBe(`${REPOSITORY}:${tag}\n`);
    expect(calls()).toEqual([
      "docker version",
      `aws ecr batch-get-image --registry-id 123456789012 --repository-name session-app --image-ids imageTag=${tag} ${ASKED}`,
      expect.stringMatching(/^docker build .* --tag 123456789012\.dkr\.ecr/),
      `aws ecr get-login-password ${ASKED}`,
      `docker login --username AWS --password-stdin ${REGISTRY} < hush`,
      `docker push ${REPOSITORY}:${tag}`,
    ]);
    expect(stdout + stderr).not.toContain("hush");
  });

  it("builds and pushes nothing when the repository has that content", async () => {
    const tag = (await image({ docker: "" })).stdout.trim().split(":")[1] as string;
    const { code, stdout, stderr } = await image({ docker: "", aws: aws(tag) }, "--push", REPOSITORY);
    expect([code, stdout]).toEqual([0, `${REPOSITORY}:${tag}\n`]);
    expect(stderr).toContain("is there already");
    expect(calls()).toHaveLength(2);
  });

  it("takes the first engine that answers, or the one named", async () => {
    await image({ docker: AWAY, podman: "" });
    expect(calls().at(-1)).toMatch(/^podman build/);
    await image({ docker: "", buildah: "" }, "--engine", "buildah");
    expect(calls().map((call) => call.split(" ")[0])).toEqual(["buildah", "buildah"]);
  });

  it("says of each engine why there is none, and where it comes from", async () => {
    const { code, stdout, stderr } = await image({ docker: AWAY });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(`no engine that builds images answers:
  docker: the daemon is away
  podman: not found on PATH; to install it: https://podman.io/docs/installation
  finch: not found on PATH; to install it: https://runfinch.com
  nerdctl: not found on PATH; to install it: https://github.com/containerd/nerdctl
  buildah: not found on PATH; to install it: https://github.com/containers/buildah/blob/main/install.md
`);
  });

  it.each<{
    what: string;
    programs: Record<string, string>;
    args: string[];
    says: string;
    asked: number;
    ends?: number;
  }>([
    {
      what: "a repository with a tag",
      programs: { docker: "" },
      args: ["--push", `${REPOSITORY}:v1`],
      says: `--push: got "${REPOSITORY}:v1", takes an ECR repository without a tag`,
      asked: 0,
    },
    {
      what: "another registry",
      programs: { docker: "" },
      args: ["--push", "ghcr.io/a/b"],
      says: '--push: got "ghcr.io/a/b"',
      asked: 0,
    },
    {
      what: "a platform of its own",
      programs: { docker: "" },
      args: ["--platform", "linux/s390x"],
      says: "--platform: got linux/s390x, takes linux/amd64, linux/arm64",
      asked: 0,
    },
    {
      what: "no AWS CLI",
      programs: { docker: "" },
      args: ["--push", REPOSITORY],
      says: "aws: not found on PATH; to install it: https://docs.aws.amazon.com/cli",
      asked: 1,
    },
    {
      what: "a repository that is not there",
      programs: { docker: "", aws: "exit 254" },
      args: ["--push", REPOSITORY],
      says: "aws ecr batch-get-image: ended with 254",
      asked: 2,
    },
    {
      what: "a build that fails",
      programs: { docker: '[ "$1" = version ] || exit 7' },
      args: [],
      says: "docker build ended with 7",
      asked: 2,
      ends: 1,
    },
  ])("ends at $what, with no name on stdout", async ({ programs, args, says, asked, ends = 2 }) => {
    const { code, stdout, stderr } = await image(programs, ...args);
    expect([code, stdout]).toEqual([ends, ""]);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain("    at ");
    expect(calls()).toHaveLength(asked);
  });
});
