import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import { type AppProcess, startApp } from "../../programs/app-process";
import { type RedisServer, startRedis } from "../../programs/redis-server";
import { describeWith } from "../../programs/require";
import { words } from "../aws-double/fixtures";
import { type StrictAws, startStrictAws } from "../aws-double/start";
import { AppliedState } from "../running/state";
import { region } from "../synthesize";
import { useInAccount } from "./use";

const LONG_MS = 300_000;

describeWith(["moto_server", "aws", "redis-server", "chromium"], "a deployed app, used at its own address", () => {
  const work = mkdtempSync(path.join(os.tmpdir(), "use-"));
  const never = new AbortController().signal;
  let aws: StrictAws;
  let redis: RedisServer;
  let app: AppProcess;

  beforeAll(async () => {
    aws = await startStrictAws({ region: region() });
    redis = await startRedis();
    app = await startApp({ REDIS_URL: `redis://127.0.0.1:${redis.port}` });
  }, LONG_MS);
  afterAll(async () => {
    await app?.stop();
    await redis?.stop();
    await aws?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  /** A state with these outputs and functions, as Terraform shows it. */
  function applied(outputs: Readonly<Record<string, string>>, functions: readonly string[] = []): AppliedState {
    const resources = functions.map((name) => ({
      ...{ address: `aws_lambda_function.${name}`, type: "aws_lambda_function", mode: "managed" },
      values: { function_name: name },
    }));
    const values = { outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }])) };
    return new AppliedState(JSON.stringify({ values: { ...values, root_module: { resources } } }));
  }

  /** A table, and a function that the local AWS keeps and does not run: it answers with these, one after another. */
  async function makePhotoCache(answers: readonly unknown[]): Promise<void> {
    const run = (line: string, ...more: string[]) => aws.aws(...words(line), ...more);
    const code = path.join(work, "code.zip");
    writeFileSync(code, zipSync({ "photo.js": Buffer.from("") }));
    const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
    const document = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
    const { Role } = await run("iam create-role --role-name photo --assume-role-policy-document", document);
    const made = "lambda create-function --function-name photo --runtime nodejs22.x --handler photo.handler";
    await run(made, "--role", Role.Arn, "--zip-file", `fileb://${code}`);
    const key = "--attribute-definitions AttributeName=id,AttributeType=S --key-schema AttributeName=id,KeyType=HASH";
    await run(`dynamodb create-table --table-name photos --billing-mode PAY_PER_REQUEST ${key}`);
    await fetch(`${aws.environment.AWS_ENDPOINT_URL}/moto-api/static/lambda-simple/response`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ region: region(), results: answers.map((answer) => JSON.stringify(answer)) }),
    });
  }

  it(
    "has visitors, and its photo cache invoked by the AWS CLI",
    async () => {
      const photo = { title: "A harbour" };
      await makePhotoCache(["It works!", { photo }, { from: "cache", photo }, "It rains!", { photo }, { photo }]);
      const outputs = { url: app.url, photo_function: "photo", photo_table: "photos" };
      const use = () => useInAccount({ state: applied(outputs, ["photo"]), aws, work, signal: never });
      const { did, skipped } = await use();
      expect(skipped).toBeUndefined();
      expect(did).toEqual(expect.arrayContaining(["logs in", "ends a session elsewhere", "logs out"]));
      expect(did.at(-1)).toBe("finds a photo in the table, then in the cache");
      const { Item } = await aws.aws(...words("dynamodb get-item --table-name photos --key"), '{"id":{"S":"harbour"}}');
      expect(Item.title.S).toBe("A harbour");
      await expect(use()).rejects.toThrow(/^photo: got \["It rains!",/);
    },
    LONG_MS,
  );

  it(
    "is waited for, and then said not to be ready with its last answer",
    async () => {
      const server = createServer((_, response) => response.writeHead(503).end());
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const use = (signal: AbortSignal) => useInAccount({ state: applied({ url }), aws, work, signal, upMs: 500 });
      await expect(use(never)).rejects.toThrow(`${url}/readyz: not ready within 0.5 seconds; the last answer: 503`);
      await expect(use(AbortSignal.abort(new Error("interrupted")))).rejects.toThrow("interrupted");
      server.closeAllConnections();
      server.close();
    },
    LONG_MS,
  );
});
