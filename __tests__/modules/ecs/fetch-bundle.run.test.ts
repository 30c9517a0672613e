import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { type AwsDouble, startAwsDouble } from "../../programs/aws-double";
import type { Finished } from "../../programs/command";
import { startLateS3 } from "../../programs/late-s3";
import { describeWith } from "../../programs/require";
import { containers, HTTP, parseEnvironment, synthesized } from "./stack";

const REGION = "ap-northeast-1";
const CONTENT = 'console.log("hello");\n';

describeWith(["moto_server", "aws"], "the container that fetches the bundle, its command run for real", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "fetch-bundle-"));
  const stack = synthesized(HTTP);
  const { entryPoint, command } = containers(stack)["fetch-bundle"] as { entryPoint: string[]; command: string[] };
  const environment = parseEnvironment(stack, "service-1", "fetch-bundle");
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
  function fetch(VERSION: string, changes: Readonly<Record<string, string>> = {}): Promise<Finished> {
    const here = { ...environment, VERSION, ...changes };
    const own = Object.entries(here).map(([name, value]) => [name, value.replace(/^\/bundle/, volume)]);
    const env = { ...double.environment, ...Object.fromEntries(own), PATH: `${folder}:${process.env.PATH}` };
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

  it("tries again while S3 does not find a version, which it may do for a quarter of an hour in a new bucket", async () => {
    const version = await upload(CONTENT);
    const late = await startLateS3(double.environment.AWS_ENDPOINT_URL as string, (_, asked) => asked > 4);
    try {
      expect(Number(environment.FETCH_SECONDS)).toBe(900);
      const { code, stdout } = await fetch(version, { AWS_ENDPOINT_URL: late.url });
      expect([code, stdout]).toEqual([0, `${fetched()}: OK\n`]);
      expect(late.asked).toEqual(["version", "key", "version", "key", "version"]);
      expect(waits()).toBe("5\n5\n");
    } finally {
      await late.stop();
    }
  }, 60_000);

  it("takes what the key holds while the version is not found, since the content is what is checked", async () => {
    const version = await upload(CONTENT);
    const late = await startLateS3(double.environment.AWS_ENDPOINT_URL as string, (query) => query === "key");
    try {
      expect(await fetch(version, { AWS_ENDPOINT_URL: late.url })).toMatchObject({ code: 0 });
      expect(readFileSync(fetched(), "utf8")).toBe(CONTENT);
      rmSync(fetched());
      await upload('console.log("evil");\n');
      expect(await fetch(version, { AWS_ENDPOINT_URL: late.url })).toMatchObject({ code: 1 });
      expect(waits()).toBe("");
    } finally {
      await late.stop();
    }
  }, 60_000);

  it("gives up in the end", async () => {
    await double.aws("s3api", "delete-object", "--bucket", bucket, "--key", key);
    const { code, stderr } = await fetch("no-such-version", { FETCH_SECONDS: "1" });
    expect(code).toBe(1);
    expect(stderr).toMatch(/GetObject operation/);
  }, 60_000);
});
