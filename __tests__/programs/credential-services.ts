import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** Keys a service hands out, for so many seconds. */
export interface HandedOut {
  readonly accessKeyId: string;
  readonly seconds: number;
}

/** Stands for the service on an instance or beside a task that hands out a role's credentials. */
export interface CredentialService {
  readonly url: string;
  /** The requests so far, in order. */
  readonly asked: string[];
  /** The credentials for the next requests. */
  next: HandedOut;
  stop(): Promise<void>;
}

function body({ accessKeyId, seconds }: HandedOut): string {
  const Expiration = new Date(Date.now() + seconds * 1000).toISOString();
  const keys = { AccessKeyId: accessKeyId, SecretAccessKey: "secret", Token: `session-of-${accessKeyId}` };
  return JSON.stringify({
    Code: "Success",
    Type: "AWS-HMAC",
    LastUpdated: new Date().toISOString(),
    ...keys,
    Expiration,
  });
}

type Answer = string | undefined;

async function listen(answer: (request: http.IncomingMessage, service: CredentialService) => Answer | Promise<Answer>) {
  const server = http.createServer(async (request, response) => {
    service.asked.push(`${request.method} ${request.url}`);
    const body = await answer(request, service);
    response.writeHead(body === undefined ? 401 : 200).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const service: CredentialService = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    next: { accessKeyId: "KEY1", seconds: 3600 },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return service;
}

/**
 * Instance metadata, version 2 only: no token, no answer.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
 */
export function startInstanceMetadata(): Promise<CredentialService> {
  const role = "/latest/meta-data/iam/security-credentials/";
  return listen((request, service) => {
    if (request.method === "PUT" && request.url === "/latest/api/token") return "a-token";
    if (request.headers["x-aws-ec2-metadata-token"] !== "a-token") return undefined;
    return request.url === role ? "web-role" : body(service.next);
  });
}

/**
 * Starts the endpoint that ECS puts beside a task.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
export function startTaskCredentials(): Promise<CredentialService> {
  return listen((_, service) => body(service.next));
}

/**
 * AWS STS and the portal of IAM Identity Center (SSO), as far as they hand out a role's credentials: in `asked` a call of STS
 * is its form, as in `Action=AssumeRole&...`.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 * @see https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
 */
export async function startTokenServices(): Promise<CredentialService> {
  return listen(async (request, service) => {
    const { accessKeyId, seconds } = service.next;
    const expiration = new Date(Date.now() + seconds * 1000);
    if (request.method === "GET") {
      const keys = { accessKeyId, secretAccessKey: "secret", sessionToken: `session-of-${accessKeyId}` };
      return JSON.stringify({ roleCredentials: { ...keys, expiration: expiration.getTime() } });
    }
    const form = await text(request);
    service.asked.splice(-1, 1, form);
    const action = new URLSearchParams(form).get("Action");
    const keys = `<AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey>`;
    const rest = `<SessionToken>session-of-${accessKeyId}</SessionToken><Expiration>${expiration.toISOString()}</Expiration>`;
    const result = `<${action}Result><Credentials>${keys}${rest}</Credentials></${action}Result>`;
    return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</${action}Response>`;
  });
}
