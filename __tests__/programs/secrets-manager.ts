import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Secrets Manager, as far as reading one secret goes; anything that speaks to AWS finds it by AWS_ENDPOINT_URL. */
export interface SecretsManager {
  readonly port: number;
  readonly arn: string;
  /** A new current value; the one before is the previous one then, and no other is kept. */
  put(value: string): void;
  stop(): Promise<void>;
}

/** @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export async function startSecretsManager(value: string): Promise<SecretsManager> {
  const arn = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf";
  const values = new Map([["AWSCURRENT", value]]);
  const server = http.createServer(async (request, response) => {
    const { VersionStage = "AWSCURRENT" } = JSON.parse(await text(request)) as { VersionStage?: string };
    const found = values.get(VersionStage);
    const body = found === undefined ? { __type: "ResourceNotFoundException" } : { ARN: arn, SecretString: found };
    response.writeHead(found === undefined ? 400 : 200, { "content-type": "application/x-amz-json-1.1" });
    response.end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    arn,
    put(next) {
      values.set("AWSPREVIOUS", values.get("AWSCURRENT") as string);
      values.set("AWSCURRENT", next);
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
