import type { AwsCredentialIdentity, Provider } from "@smithy/types";

/** Longest life AWS gives a token, in seconds; the connection it opened lives 12 hours. */
const TOKEN_SECONDS = 900;

/** The login that a token is for. */
export interface IamTokenOptions {
  /** Replication group id, in lower case as AWS keeps it. */
  readonly cacheId: string;
  /** The ElastiCache user; its id and its name are the same. */
  readonly user: string;
  readonly region: string;
  /** Asked for each token: a token dies with the credentials that signed it. */
  readonly credentials: Provider<AwsCredentialIdentity>;
}

/**
 * A password for one connection to ElastiCache: a presigned `connect` request without its scheme.
 *
 * @param at - signing time. @default now
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export async function signIamToken(options: IamTokenOptions, at: Date = new Date()): Promise<string> {
  const { cacheId, user, region, credentials } = options;
  // Loaded when first used: who logs in another way starts without them.
  const { Hash } = await import("@smithy/hash-node");
  const { SignatureV4 } = await import("@smithy/signature-v4");
  const signer = new SignatureV4({ service: "elasticache", region, credentials, sha256: Hash.bind(null, "sha256") });
  const request = {
    method: "GET",
    protocol: "http:",
    hostname: cacheId.toLowerCase(),
    path: "/",
    query: { Action: "connect", User: user },
    headers: { host: cacheId.toLowerCase() },
  };
  const { hostname, path, query } = await signer.presign(request, { expiresIn: TOKEN_SECONDS, signingDate: at });
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `${hostname}${path}?${pairs.join("&")}`;
}
