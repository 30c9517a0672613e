import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type AwsDouble, startAwsDouble } from "../../programs/aws-double";
import type { Finished } from "../../programs/command";
import { describeWith } from "../../programs/require";
import { containers, environmentOf, HTTP, synthesized } from "./stack";

const REGION = "ap-northeast-1";
const CONTENT = 'console.log("hello");\n';

describeWith(["moto_server", "aws"], "the container that fetches the bundle, its command run for real", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "fetch-bundle-"));
  const stack = synthesized(HTTP);
  const { entryPoint, command } = containers(stack)["fetch-bundle"] as { entryPoint: string[]; command: string[] };
  const environment = environmentOf(stack, "service-1", "fetch-bundle");
  const [bucket, key] = [environment.BUCKET as string, environment.KEY as string];
  let double: AwsDouble;
  let volume: string;

  beforeAll(async () => {
    double = await startAwsDouble(REGION);
    const place = `LocationConstraint=${REGION}`;
    await double.aws("s3api", "create-bucket", "--bucket", bucket, "--create-bucket-configuration", place);
    const versioning = "Status=Enabled";
    await double.aws("s3api", "put-bucket-versioning", "--bucket", bucket, "--versioning-configuration", versioning);
    // The wait between two attempts, written down in place of waited for.
    writeFileSync(path.join(folder, "sleep"), `#!/bin/sh\necho "$1" >>"${folder}/waits"\n`);
    chmodSync(path.join(folder, "sleep"), 0o755);
  }, 60_000);
  beforeEach(() => {
    volume = mkdtempSync(path.join(folder, "volume-"));
    rmSync(path.join(folder, "waits"), { force: true });
  });
  afterAll(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** @returns its version. */
  async function upload(content: string): Promise<string> {
    const body = path.join(folder, "body");
    writeFileSync(body, content);
    const answer = await double.aws("s3api", "put-object", "--bucket", bucket, "--key", key, "--body", body);
    return answer.VersionId as string;
  }

  /** As ECS runs it, with a folder of this machine as the volume. */
  function fetch(VERSION: string): Promise<Finished> {
    const here = { ...environment, VERSION };
    const own = Object.entries(here).map(([name, value]) => [name, value.replace(/^\/bundle/, volume)]);
    const env = { ...Object.fromEntries(own), ...double.environment, PATH: `${folder}:${process.env.PATH}` };
    const [program, ...args] = [...entryPoint, ...command] as [string, ...string[]];
    return new Promise((resolve) => {
      execFile(program, args, { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });
  }
  const fetched = () => path.join(volume, "session-app.js");
  const waits = () => (existsSync(path.join(folder, "waits")) ? readFileSync(path.join(folder, "waits"), "utf8") : "");

  it("brings the bundle, to be read and not written by anybody", async () => {
    const { code, stdout } = await fetch(await upload(CONTENT));
    expect([code, stdout]).toEqual([0, `${fetched()}: OK\n`]);
    expect(readFileSync(fetched(), "utf8")).toBe(CONTENT);
    expect(statSync(fetched()).mode & 0o777).toBe(0o444);
    expect(waits()).toBe("");
  }, 30_000);

  it("fails at once when the content is another, so that the app never starts", async () => {
    const { code, stdout } = await fetch(await upload('console.log("evil");\n'));
    expect(code).toBe(1);
    expect(stdout).toBe(`${fetched()}: FAILED\n`);
    expect(waits()).toBe("");
  }, 30_000);

  it("brings what a later deploy has replaced, so that ECS can go back to it", async () => {
    const version = await upload(CONTENT);
    await double.aws("s3api", "delete-object", "--bucket", bucket, "--key", key);
    expect(await fetch(version)).toMatchObject({ code: 0, stdout: `${fetched()}: OK\n` });
  }, 30_000);

  it("tries again while it may not read, and gives up in the end", async () => {
    const { code, stderr } = await fetch("no-such-version");
    expect(code).toBe(1);
    expect(stderr.match(/GetObject operation/g)).toHaveLength(6);
    expect(waits()).toBe("5\n".repeat(5));
  }, 60_000);
});
