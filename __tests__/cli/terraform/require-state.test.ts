import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { requireState } from "../../../cli/terraform/require-state";
import { type Recorded, recordedPrograms } from "../../programs/recorded";
import { describeWith, findOnPath } from "../../programs/require";

const FOLDER = mkdtempSync(path.join(os.tmpdir(), "state-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const STATE = path.join(FOLDER, "terraform.tfstate");
const BACKUP = `${STATE}.backup`;
const local = { local: { path: "terraform.tfstate" } };
const s3 = { s3: { bucket: "our-states", key: "session/session-ec2.tfstate", region: "ap-northeast-1" } };
const resource = {
  aws_vpc: { v: { tags: { Name: "session-ec2-network" } } },
  aws_elasticache_replication_group: { r: { replication_group_id: "session-ec2-redis" } },
  aws_elasticache_subnet_group: { s: { name: "session-ec2-redis" } },
};
const build = (backend: object = local) => ({
  id: "session-ec2",
  folder: FOLDER,
  warnings: [],
  text: JSON.stringify({ terraform: { backend }, provider: { aws: [{ region: "ap-northeast-1" }] }, resource }),
});

const { PATH } = process.env;
let programs: Recorded | undefined;
let stderr = "";
/** Puts an AWS CLI on PATH that runs this shell script. */
function withAws(script: string): void {
  programs = recordedPrograms({ aws: script });
  process.env.PATH = `${programs.path}${path.delimiter}/bin`;
}
beforeEach(() => {
  stderr = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    stderr += text;
    return true;
  });
});
afterEach(() => {
  process.env.PATH = PATH;
  programs?.remove();
  programs = undefined;
  jest.restoreAllMocks();
  for (const file of [STATE, BACKUP]) rmSync(file, { force: true });
});

const NONE = `case "$*" in
  *describe-vpcs*) echo '{"Vpcs":[]}' ;;
  *) echo 'An error occurred (ReplicationGroupNotFoundFault) when calling the DescribeReplicationGroups operation' >&2; exit 254 ;;
esac`;

describeWith(["terraform"], "a state that Terraform wrote, and that was broken since", () => {
  const terraform = findOnPath("terraform");
  const written = mkdtempSync(path.join(FOLDER, "written-"));
  beforeAll(() => {
    const apply = (count: number) => {
      writeFileSync(path.join(written, "main.tf"), `resource "terraform_data" "r" {\n  count = ${count}\n}\n`);
      execFileSync(terraform, ["apply", "-auto-approve", "-no-color"], { cwd: written, stdio: "ignore" });
    };
    execFileSync(terraform, ["init", "-no-color"], { cwd: written, stdio: "ignore" });
    apply(1);
    apply(2);
  });
  const write = (file: string, from = "terraform.tfstate") =>
    writeFileSync(file, readFileSync(path.join(written, from), "utf8"));

  const BREAKS = [
    ["truncated", () => truncateSync(STATE, 200), /: got no JSON \(.*\), takes a Terraform state/],
    ["emptied", () => truncateSync(STATE, 0), /: got an empty file, takes a Terraform state/],
    ["of another version", () => writeFileSync(STATE, '{"version":5}'), /: got version 5, takes a state of 4/],
    ["null", () => writeFileSync(STATE, "null"), /: got version none, takes a state of 4/],
    ["of another form", () => writeFileSync(STATE, '{"version":4,"resources":{}}'), /: got JSON with broken outputs/],
  ] as const;

  it.each(BREAKS)("names the backup beside it, and is no ground for a deploy: %s", async (_, damage, says) => {
    write(STATE);
    write(BACKUP, "terraform.tfstate.backup");
    damage();
    withAws("exit 9");
    const error = (await requireState(build()).catch((reason: unknown) => reason)) as Error;
    expect(error.message).toMatch(says);
    const [, restore = ""] =
      /deploy nothing from it: .*terraform\.tfstate\.backup, of \d{4}-.* UTC, has 1 resources; to restore it: node -e "(.*)" \(docs/.exec(
        error.message,
      ) ?? [];
    execFileSync(process.execPath, ["-e", restore]);
    await expect(requireState(build())).resolves.toBeUndefined();
    expect(programs?.calls()).toEqual([]);
  });

  it("is said to have no backup where there is none that can be read", async () => {
    write(STATE);
    truncateSync(STATE, 200);
    writeFileSync(BACKUP, "{");
    await expect(requireState(build())).rejects.toThrow(
      /deploy nothing from it: no backup that can be read is beside it/,
    );
  });

  it("is restored in S3 from an older version", async () => {
    withAws(
      `case "$*" in *get-object*) for file; do case "$file" in */state-*) echo '{' >"$file" ;; esac; done ;; esac`,
    );
    await expect(requireState(build(s3))).rejects.toThrow(
      /^s3:\/\/our-states\/session\/session-ec2\.tfstate: got no JSON .*: aws s3api list-object-versions --bucket our-states --prefix session\/session-ec2\.tfstate shows/,
    );
  });
});

describe("a state of another account", () => {
  const text = JSON.stringify({
    version: 4,
    resources: [
      {
        mode: "managed",
        type: "aws_vpc",
        name: "v",
        instances: [{ attributes: { arn: "arn:aws:ec2:x:111122223333:vpc/v" } }],
      },
    ],
  });

  it("stops a plan, which would create the stack in this one", async () => {
    writeFileSync(STATE, text);
    withAws(`echo '{"Account":"444455556666"}'`);
    await expect(requireState(build())).rejects.toThrow(
      /^the state \S+ is of the account 111122223333, and the credentials are of 444455556666; log in to that account \(AWS_PROFILE\), or /,
    );
    await expect(requireState(build(), true)).rejects.toThrow(/of the account 111122223333/);
  });

  it.each([
    ["this one", `echo '{"Account":"111122223333"}'`],
    ["an account that can't be asked", "exit 254"],
  ])("is none where the credentials are of %s", async (_, script) => {
    writeFileSync(STATE, text);
    withAws(script);
    await expect(requireState(build())).resolves.toBeUndefined();
  });
});

describe("a state that is missing", () => {
  const THERE = `case "$*" in
  *describe-vpcs*) echo '{"Vpcs":[{"VpcId":"vpc-1"}]}' ;;
  *) echo '{"ReplicationGroups":[{}]}' ;;
esac`;

  it("stops a plan where AWS has the stack's network and cache", async () => {
    withAws(THERE);
    await expect(requireState(build())).rejects.toThrow(
      /terraform\.tfstate has no resources, and AWS has aws_vpc\.v \(vpc-1\), aws_elasticache_replication_group\.r \(session-ec2-redis\): .*; restore the state, or choose another name: docs/,
    );
    expect(
      programs
        ?.calls()
        .map((call) => call.split(" --region")[0])
        .sort(),
    ).toEqual([
      "aws ec2 describe-vpcs --filters Name=tag:Name,Values=session-ec2-network",
      "aws elasticache describe-replication-groups --replication-group-id session-ec2-redis",
    ]);
  });

  it("stops it where AWS tells of one resource and refuses to tell of another", async () => {
    withAws(`case "$*" in *describe-vpcs*) echo '(AccessDenied)' >&2; exit 254 ;; *) echo '{}' ;; esac`);
    await expect(requireState(build())).rejects.toThrow(/AWS has aws_elasticache_replication_group\.r/);
  });

  it("names a backup with resources", async () => {
    withAws(THERE);
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(BACKUP, JSON.stringify({ version: 4, resources: [{ mode: "managed", type: "aws_vpc", name: "v" }] }));
    await expect(requireState(build())).rejects.toThrow(
      /has no resources \(\S*terraform\.tfstate\.backup has 1\), and AWS has/,
    );
  });

  it.each([
    ["no file", undefined],
    ["an empty file, as Terraform leaves it that was killed at its first lock", ""],
    ["a state after a destroy", '{"version":4,"outputs":{},"resources":[]}'],
  ])("is the beginning of a stack where AWS has nothing of it: %s", async (_, text) => {
    if (text !== undefined) writeFileSync(STATE, text);
    withAws(NONE);
    await requireState(build());
    expect([stderr, programs?.calls().length]).toEqual(["", 2]);
  });

  it.each([
    [
      "AWS refuses to answer",
      "echo 'An error occurred (AccessDenied)' >&2; exit 254",
      /: An error occurred \(AccessDenied\)\n$/,
    ],
    ["the AWS CLI is missing", undefined, /: aws: not found on PATH; to install it: https:.*\n$/],
  ])("lets the plan go on, and says why AWS was not asked: %s", async (_, script, says) => {
    if (script === undefined) process.env.PATH = FOLDER;
    else withAws(script);
    await requireState(build());
    expect(stderr).toMatch(/^AWS was not asked whether session-ec2 is there already: /);
    expect(stderr).toMatch(says);
  });
});
