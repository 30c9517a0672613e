import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "./poll";
import { freePort } from "./redis-server";

/** A local AWS, played by moto. */
export interface AwsDouble {
  readonly url: string;
  /** What makes an AWS SDK or CLI talk to it; the keys open nothing. */
  readonly environment: Readonly<Record<string, string>>;
  createBucket(bucket: string): Promise<void>;
  putObject(bucket: string, key: string, body: Uint8Array | string): Promise<void>;
  /** Makes a secret and says its ARN. */
  createSecret(name: string, value: string): Promise<string>;
  stop(): Promise<void>;
}

const REGION = "ap-northeast-1";

/** Starts `moto_server` on a free port and waits until it answers. */
export async function startAwsDouble(): Promise<AwsDouble> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  await Promise.race([
    until(async () => (await fetch(`${url}/moto-api/`)).ok, "moto_server"),
    once(child, "exit").then(() => Promise.reject(new Error("moto_server ended"))),
  ]);
  return {
    url,
    environment: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    async createBucket(bucket) {
      const body = `<CreateBucketConfiguration><LocationConstraint>${REGION}</LocationConstraint></CreateBucketConfiguration>`;
      await ask(`${url}/${bucket}`, "s3", { method: "PUT", body });
    },
    async putObject(bucket, key, body) {
      await ask(`${url}/${bucket}/${key}`, "s3", { method: "PUT", body });
    },
    async createSecret(name, value) {
      const answer = await ask(url, "secretsmanager", {
        method: "POST",
        headers: { "x-amz-target": "secretsmanager.CreateSecret", "content-type": "application/x-amz-json-1.1" },
        body: JSON.stringify({ Name: name, SecretString: value }),
      });
      return (JSON.parse(answer) as { ARN: string }).ARN;
    },
    stop: () => stop(child),
  };
}

/** moto reads account, region and service out of the signature and does not check it. */
async function ask(url: string, service: string, init: RequestInit): Promise<string> {
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20250101/${REGION}/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const response = await fetch(url, { ...init, headers: { ...init.headers, authorization } });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
