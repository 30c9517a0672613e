import { UserError } from "../../environment";
import { redisVariables } from "../../environment/variables";

/** Longest life AWS gives a token, in seconds; the connection it opened lives 12 hours. */
const TOKEN_SECONDS = 900;

/** Keys of AWS that sign a token; the credentials of the AWS SDK have this form. */
export interface AwsCredentials {
  /** Id of the access key. */
  readonly accessKeyId: string;
  /** The key itself. */
  readonly secretAccessKey: string;
  /** Part of the credentials of a role. @default - the keys are a user's own and live long */
  readonly sessionToken?: string;
}

/** The login that a token is for. */
export interface IamTokenOptions {
  /** Id of the replication group, or name of the serverless cache; not its endpoint. AWS keeps both in lower case. */
  readonly cacheId: string;
  /** The ElastiCache user, whose id and name are the same. */
  readonly user: string;
  /** Region of the cache, such as `eu-west-1`. */
  readonly region: string;
  /** Whether the cache is an ElastiCache Serverless cache. @default false */
  readonly serverless?: boolean;
  /**
   * Asked for each token: a token dies with the credentials that signed it.
   *
   * @default - the standard chain of the AWS SDK, of the package `@aws-sdk/credential-provider-node`
   */
  readonly credentials?: () => Promise<AwsCredentials>;
}

/**
 * A password for one connection to ElastiCache: a presigned `connect` request without its scheme. It opens connections for
 * 15 minutes; sign another one for each connection.
 *
 * @param at - signing time. @default now
 * @throws {UserError} when an option has a wrong form, or a package is missing that signs.
 * @see https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
 */
export async function iamToken(options: IamTokenOptions, at: Date = new Date()): Promise<string> {
  const { user, region, serverless = false, credentials = defaultCredentials } = options;
  const cacheId = options.cacheId.toLowerCase();
  checkForm("cacheId", cacheId, "REDIS_CACHE_ID");
  checkForm("user", user, "REDIS_USER");
  checkForm("region", region, "AWS_REGION");
  // Loaded when first used: a program that logs in another way starts without them, and need not have them.
  const [{ Hash }, { SignatureV4 }] = await orNamePackages(
    Promise.all([import("@smithy/hash-node"), import("@smithy/signature-v4")]),
  );
  const signer = new SignatureV4({ service: "elasticache", region, credentials, sha256: Hash.bind(null, "sha256") });
  const request = {
    method: "GET",
    protocol: "http:",
    hostname: cacheId,
    path: "/",
    query: { Action: "connect", User: user, ...(serverless && { ResourceType: "ServerlessCache" }) },
    headers: { host: cacheId },
  };
  const { hostname, path, query } = await signer.presign(request, { expiresIn: TOKEN_SECONDS, signingDate: at });
  const pairs = Object.entries(query ?? {}).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `${hostname}${path}?${pairs.join("&")}`;
}

function checkForm(option: string, value: string, variable: "REDIS_CACHE_ID" | "REDIS_USER" | "AWS_REGION"): void {
  const { read, takes } = redisVariables[variable];
  if (read(value) === undefined)
    throw new UserError(`iamToken: ${option}: got ${JSON.stringify(value)}, takes ${takes}`);
}

/** The standard chain, which keeps credentials until shortly before they expire. */
let chain: Promise<() => Promise<AwsCredentials>> | undefined;

async function defaultCredentials(): Promise<AwsCredentials> {
  chain ??= loadChain();
  const provider = await chain;
  return provider();
}

async function loadChain(): Promise<() => Promise<AwsCredentials>> {
  const { defaultProvider } = await orNamePackages(import("@aws-sdk/credential-provider-node"));
  return defaultProvider();
}

/** Names all three packages at once where one is missing: the built apps hold them, a program of one's own installs them. */
async function orNamePackages<T>(packages: Promise<T>): Promise<T> {
  try {
    return await packages;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    const needed = "@smithy/signature-v4 @smithy/hash-node @aws-sdk/credential-provider-node";
    throw new UserError(`a login by IAM needs packages that are not installed: npm install ${needed}`, {
      cause: error,
    });
  }
}
