import { once } from "node:events";
import { readFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import type { Certificate } from "../../programs/certificate";
import type { Way } from "../../programs/own-network";
import type { StrictAws } from "../aws-double/start";
import { region } from "../synthesize";
import { readCall } from "./aws-call";
import type { End, Paths } from "./paths";
import type { Permissions } from "./permissions";
import type { AppliedState } from "./state";

/** A caller of AWS. */
export interface Caller {
  readonly end: End;
  /** ARN or name of its role. */
  readonly role: string;
}

/** AWS' services by their own names, in front of the double. */
export interface AwsFront {
  readonly ways: readonly Way[];
  /** Secret keys of the callers that were admitted, by their ids. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Admits a caller. @returns variables with the credentials that its role gets. */
  admit(caller: Caller): Record<string, string>;
  /** Calls that nothing on the way to AWS allowed, for people. */
  readonly refused: readonly string[];
  /** Rejects with the first of them. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

export interface AwsFrontProps {
  readonly state: AppliedState;
  readonly paths: Paths;
  readonly permissions: Permissions;
  /** Of {@link awsNames}. */
  readonly certificate: Certificate;
}

/** The services that the apps and their setup call. */
const SERVICES = ["s3", "secretsmanager", "dynamodb", "sts", "logs"] as const;

/** Secret key of each caller. */
const SECRET = "secret";

/** The names of AWS' services that programs in this state's VPC may ask for. */
export function awsNames(state: AppliedState): string[] {
  const buckets = state.all("aws_s3_bucket").map(({ bucket }) => `${bucket}.s3`);
  return [...SERVICES, ...buckets].map((service) => `${service}.${region()}.amazonaws.com`);
}

/**
 * Answers on the services' own names, by TLS, with what the double answers; but only to callers that a security group, a
 * route and their role let through. Each caller has an access key of its own, by which it is known.
 */
export async function startAwsFront(double: StrictAws, props: AwsFrontProps): Promise<AwsFront> {
  const { state, paths, permissions, certificate } = props;
  const names = awsNames(state);
  const callers = new Map<string, Caller>();
  const secrets: Record<string, string> = {};
  const refused: string[] = [];
  let fail: (error: Error) => void = () => {};
  const failed = new Promise<never>((_, reject) => {
    fail = reject;
  });
  failed.catch(() => {});
  const refuse = (why: string) => {
    refused.push(why);
    fail(new Error(why));
  };
  const target = double.environment.AWS_ENDPOINT_URL as string;
  const agent = new http.Agent({ keepAlive: true });
  const tls = { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) };

  /** @returns whether it arrives. @throws with why nothing lets this call through. */
  async function check(request: http.IncomingMessage, body: string): Promise<boolean> {
    const { accessKey, service, action, resource, context } = readCall(request, body, state);
    const caller = callers.get(accessKey);
    if (caller === undefined) throw new Error(`an unknown caller called ${request.headers.host}`);
    paths.assertReachesAws(caller.end, service);
    const endpoint = paths.endpointTo(caller.end, service);
    await permissions.assertAllows(caller.role, { action, resource, context, ...(endpoint && { endpoint }) });
    return !paths.isLost(caller.end, service);
  }

  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { method, url, headers } = request;
    const body = Buffer.concat(await request.toArray());
    try {
      if (!(await check(request, body.toString()))) return;
    } catch (error) {
      refuse((error as Error).message);
      response.writeHead(403).end();
      return;
    }
    const onward = http.request(target + url, { agent, method, headers }, (answer) => {
      const { statusCode = 502 } = answer;
      // A client that fetches a file knows its exact key, so each error of S3 counts as a refusal.
      if (statusCode >= 400 && headers.host?.includes("s3."))
        refuse(`${headers.host}${url}: AWS answered ${statusCode}`);
      response.writeHead(statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.once("error", () => response.destroy());
    onward.end(body);
  }

  const server = https.createServer(tls, (request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    ways: names.map((host) => ({ host, port: 443, leadsTo: () => port })),
    secrets,
    admit(caller) {
      const key = `CALLER${String(callers.size).padStart(10, "0")}`;
      callers.set(key, caller);
      secrets[key] = SECRET;
      return { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: SECRET };
    },
    refused,
    failed,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      agent.destroy();
    },
  };
}
