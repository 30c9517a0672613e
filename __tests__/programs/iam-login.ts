import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo, Socket } from "node:net";
import net from "node:net";
import tls from "node:tls";
import type { Certificate } from "./certificate";
import { withoutUnavailable } from "./serverless-commands";

/** The cache that a front stands for, and the AWS keys that may connect to it. */
export interface IamCache {
  readonly cacheId: string;
  readonly region: string;
  /** Tokens name it as ServerlessCache, and it refuses the commands that AWS lists as unavailable. @default false */
  readonly serverless?: boolean;
  /** Secret keys by their ids. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** A TLS front of a redis-server that checks IAM tokens as ElastiCache does. */
export interface IamFront {
  readonly port: number;
  /** For each login: "taken", or why it was refused. */
  readonly logins: string[];
  /** Milliseconds that the front's clock is ahead of this machine's. */
  aheadMs: number;
  /** Another certificate, for links that are made from now on. */
  renew(certificate: Pick<Certificate, "cert" | "key">): void;
  stop(): Promise<void>;
}

/** The password of a user whose token was taken; the redis-server behind the front has it in its ACL. */
export const TAKEN = "a-token-that-was-taken";

/** Longest life that AWS allows, in seconds. */
const MOST_SECONDS = 900;

/**
 * Starts a front of a plain redis-server on 127.0.0.1. It answers no command itself: a refused token reaches Redis as a wrong password.
 *
 * @param port - of the front. @default - a free one
 */
export async function startIamFront(
  target: number,
  certificate: Certificate,
  cache: IamCache,
  port = 0,
): Promise<IamFront> {
  const open = new Set<Socket>();
  const logins: string[] = [];
  const listener = tls.createServer(readKeys(certificate), (client) => {
    const server = net.connect(target, "127.0.0.1");
    let waiting = Buffer.alloc(0);
    client.on("data", (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      for (let command = readCommand(waiting); command !== undefined; command = readCommand(waiting)) {
        waiting = waiting.subarray(command.bytes);
        const words = checkLogin(command.words);
        server.write(formatCommand(cache.serverless ? withoutUnavailable(words) : words));
      }
    });
    server.on("data", (chunk) => client.write(chunk));
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      open.add(one);
      // A reset shows as the close that follows it.
      one.on("error", () => {});
      one.once("close", () => {
        open.delete(one);
        other.destroy();
      });
    }
  });

  /** `AUTH <user> <token>` and `HELLO <protocol> AUTH <user> <token> ...`, with what Redis knows in place of the token. */
  function checkLogin(words: readonly string[]): readonly string[] {
    const at = words.findIndex((word) => word.toUpperCase() === "AUTH");
    if (at < 0 || (at > 0 && words[0]?.toUpperCase() !== "HELLO")) return words;
    const [user = "", token = ""] = words.slice(at + 1);
    const wrong = findWrong(token, user, cache, Date.now() + front.aheadMs);
    logins.push(wrong ?? "taken");
    return words.with(at + 2, wrong === undefined ? TAKEN : "refused");
  }

  listener.listen(port, "127.0.0.1");
  await once(listener, "listening");
  const front: IamFront = {
    port: (listener.address() as AddressInfo).port,
    logins,
    aheadMs: 0,
    renew: (next) => listener.setSecureContext(readKeys(next)),
    async stop() {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, "close");
    },
  };
  return front;
}

function readKeys({ cert, key }: Pick<Certificate, "cert" | "key">) {
  return { cert: readFileSync(cert), key: readFileSync(key) };
}

/**
 * Why AWS would refuse a token, by its documents and without the code that signed it.
 *
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function findWrong(token: string, user: string, cache: IamCache, now: number): string | undefined {
  const { cacheId, region, serverless = false, secrets } = cache;
  const [host, query = ""] = token.split("/?");
  if (host !== cacheId) return `host ${host}`;
  const pairs = query.split("&").map((pair) => pair.split("=") as [string, string]);
  const values = Object.fromEntries(pairs.map(([name, value]) => [name, decodeURIComponent(value)]));
  const expected: Record<string, string | undefined> = {
    Action: "connect",
    User: user,
    ResourceType: serverless ? "ServerlessCache" : undefined,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-SignedHeaders": "host",
  };
  for (const [name, value] of Object.entries(expected)) {
    if (values[name] !== value) return `${name} ${values[name]}`;
  }
  const { "X-Amz-Date": time = "", "X-Amz-Expires": seconds, "X-Amz-Credential": credential = "" } = values;
  const [key = "", ...scope] = credential.split("/");
  if (scope.join("/") !== `${time.slice(0, 8)}/${region}/elasticache/aws4_request`) return `scope ${scope.join("/")}`;
  const signedAt = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (!(Number(seconds) <= MOST_SECONDS)) return `X-Amz-Expires ${seconds}`;
  if (!(now < signedAt + Number(seconds) * 1000)) return "expired";
  const secret = secrets[key];
  if (secret === undefined) return `key ${key}`;
  const canonicalQuery = pairs
    .filter(([name]) => name !== "X-Amz-Signature")
    .map((pair) => pair.join("="))
    .sort()
    .join("&");
  const hash = (text: string) => createHash("sha256").update(text).digest("hex");
  const canonical = ["GET", "/", canonicalQuery, `host:${cacheId}`, "", "host", hash("")].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, scope.join("/"), hash(canonical)].join("\n");
  const hmac = (by: string | Buffer, text: string) => createHmac("sha256", by).update(text).digest();
  const signature = hmac(scope.reduce<string | Buffer>(hmac, `AWS4${secret}`) as Buffer, toSign).toString("hex");
  return values["X-Amz-Signature"] === signature ? undefined : "signature";
}

/** The first command of RESP in these bytes: an array of bulk strings. Undefined while a part of it is missing. */
function readCommand(bytes: Buffer): { readonly words: string[]; readonly bytes: number } | undefined {
  let at = 0;
  const readNumber = (): number | undefined => {
    const end = bytes.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const number = Number(bytes.toString("latin1", at + 1, end));
    at = end + 2;
    return number;
  };
  const count = readNumber();
  if (count === undefined) return undefined;
  const words: string[] = [];
  for (let n = 0; n < count; n++) {
    const length = readNumber();
    if (length === undefined || bytes.length < at + length + 2) return undefined;
    words.push(bytes.toString("latin1", at, at + length));
    at += length + 2;
  }
  return { words, bytes: at };
}

function formatCommand(words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${word.length}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join("")}`, "latin1");
}
