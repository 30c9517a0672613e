import path from "node:path";
import { adviseFolder, adviseStack } from "../../../cli/doctor/advice";
import { examineImages } from "../../../cli/doctor/stack";
import { parseState } from "../../../stacks/state-file";
import { type Recorded, recordedPrograms } from "../../programs/recorded";

const NOW = new Date("2026-06-30T00:00:00Z");
const { PATH } = process.env;
let programs: Recorded;
afterEach(() => {
  process.env.PATH = PATH;
  programs.remove();
});

function build(type: string, attributes: object) {
  const resources = [{ mode: "managed", type, name: "r", instances: [{ attributes }] }];
  return { from: "state", ...parseState(JSON.stringify({ version: 4, resources })) };
}

const INSTANCE = build("aws_instance", { id: "i-1", ami: "ami-1", arn: "arn:aws:ec2:eu-west-1:1:instance/i-1" });
const TEMPLATE = build("aws_launch_template", { id: "lt-1", name: "fleet", image_id: "ami-1" });

function examine(aws: string, state = INSTANCE, advice = adviseStack("session-ec2")) {
  programs = recordedPrograms({ aws });
  process.env.PATH = `${programs.path}${path.delimiter}/bin`;
  return examineImages("ap-northeast-1", state, advice, NOW);
}

const image = (CreationDate: string) => `echo '${JSON.stringify({ Images: [{ Name: "al2023-ami", CreationDate }] })}'`;

describe("the age of the image of a deployed instance", () => {
  it("is fine for 90 days, which a deprecated image has too", async () => {
    expect(await examine(image("2026-04-01T00:00:00.000Z"))).toEqual([
      { check: "machine image", status: "ok", says: "i-1: al2023-ami is 90 days old" },
    ]);
    expect(programs.calls()).toEqual([
      expect.stringMatching(
        /^aws ec2 describe-images --include-deprecated --filters Name=image-id,Values=ami-1 --region eu-west-1/,
      ),
    ]);
  });

  it.each([
    [
      "an instance",
      INSTANCE,
      adviseStack("session-ec2"),
      "npm run deploy -- session-ec2 --replace 'aws_instance.r' creates another instance, from the newest image",
    ],
    [
      "an instance of another program",
      INSTANCE,
      adviseFolder("shop"),
      "terraform -chdir=shop apply -replace='aws_instance.r' creates another instance, from the newest image",
    ],
    [
      "a fleet",
      TEMPLATE,
      adviseStack("session-ec2"),
      "npm run deploy -- session-ec2 launches instances from the newest image, an instance at a time",
    ],
  ])("is warned of from the 91st day on, with the command that renews %s", async (_, state, advice, next) => {
    const [finding] = await examine(image("2026-03-31T00:00:00.000Z"), state, advice);
    expect(finding).toMatchObject({ status: "warn", next });
    expect(finding?.says).toMatch(/: al2023-ami is 91 days old, and has no later fixes$/);
  });

  it("is unknown for an image that AWS has no more: it is old", async () => {
    const [finding] = await examine(`echo '{"Images":[]}'`);
    expect(finding).toMatchObject({ status: "warn", says: "i-1: AWS no longer shows its image ami-1" });
  });

  it("is asked for by its owner when AWS refuses", async () => {
    expect(await examine("echo 'An error occurred (UnauthorizedOperation)' >&2; exit 254")).toMatchObject([
      { status: "fail", says: "i-1: An error occurred (UnauthorizedOperation)" },
    ]);
  });

  it("is not asked for where EC2 looks the image up at each launch", async () => {
    const resolved = build("aws_launch_template", { name: "fleet", image_id: "resolve:ssm:/aws/service/x" });
    expect(await examine("exit 9", resolved)).toEqual([]);
    expect(programs.calls()).toEqual([]);
  });
});
