import { type CallForIam, Permissions } from "./permissions";
import { AppliedState } from "./state";

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf";
const OBJECT = "arn:aws:s3:::bundles/0123/app.js";
const read: CallForIam = { action: "secretsmanager:GetSecretValue", resource: SECRET };
const fetch: CallForIam = { action: "s3:GetObjectVersion", resource: OBJECT, context: { "s3:versionid": "v1" } };

const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string, Resource: string, Condition?: object) =>
  policy({ Effect: "Allow", Action, Resource, ...(Condition && { Condition }) });
const onlyAccount = (account: string) =>
  policy({
    ...{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" },
    Condition: { StringEquals: { "aws:PrincipalAccount": account } },
  });
const tls = (isNeeded: boolean) =>
  policy({
    ...{ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::bundles/*" },
    Condition: { Bool: { "aws:SecureTransport": String(!isNeeded) } },
  });

function permissions(identity: string, bucketPolicy?: string): Permissions {
  const resource = (type: string, values: object) => ({ address: `${type}.one`, type, mode: "managed", values });
  const resources = [
    resource("aws_iam_role_policy", { role: "app", policy: identity }),
    ...(bucketPolicy ? [resource("aws_s3_bucket_policy", { bucket: "bundles", policy: bucketPolicy })] : []),
  ];
  return new Permissions(new AppliedState(JSON.stringify({ values: { root_module: { resources } } })));
}

describe("a role", () => {
  it.each<{ what: string; call: CallForIam; identity: string; bucketPolicy?: string }>([
    { what: "what a statement allows", call: read, identity: allow(read.action, SECRET) },
    {
      what: "what a condition of the call allows",
      call: fetch,
      identity: allow(fetch.action, OBJECT, { StringEquals: { "s3:versionid": "v1" } }),
    },
    {
      what: "what a bucket denies without TLS alone",
      call: fetch,
      identity: allow(fetch.action, OBJECT),
      bucketPolicy: tls(true),
    },
    {
      what: "what an endpoint lets through for its account",
      call: { ...read, endpoint: { id: "vpce-0123456789abcdef0", policy: onlyAccount("123456789012") } },
      identity: allow(read.action, SECRET),
    },
  ])("may do $what", async ({ call, identity, bucketPolicy }) => {
    await permissions(identity, bucketPolicy).assertAllows("app", call);
  });

  it.each<{ what: string; call: CallForIam; identity: string; bucketPolicy?: string; says: RegExp }>([
    {
      what: "another action",
      call: read,
      identity: allow("secretsmanager:DescribeSecret", SECRET),
      says: /^role app may not secretsmanager:GetSecretValue on arn:aws:secretsmanager.*: ImplicitlyDenied$/,
    },
    {
      what: "what a condition allows for another call",
      call: fetch,
      identity: allow(fetch.action, OBJECT, { StringEquals: { "s3:versionid": "v2" } }),
      says: /ImplicitlyDenied$/,
    },
    {
      what: "what its bucket denies",
      call: fetch,
      identity: allow(fetch.action, OBJECT),
      bucketPolicy: tls(false),
      says: /ExplicitlyDenied$/,
    },
    {
      what: "what its endpoint lets through for another account",
      call: { ...read, endpoint: { id: "vpce-0123456789abcdef0", policy: onlyAccount("999999999999") } },
      identity: allow(read.action, SECRET),
      says: /may not secretsmanager:GetSecretValue/,
    },
    {
      what: "a call on an ARN of another type",
      call: { ...read, resource: OBJECT },
      identity: allow("*", "*"),
      says: /IAM takes no secretsmanager:GetSecretValue on arn:aws:s3/,
    },
    {
      what: "a call that IAM does not know",
      call: { ...read, action: "secretsmanager:GetSecretText" },
      identity: allow("*", "*"),
      says: /IAM takes no secretsmanager:GetSecretText/,
    },
  ])("may not do $what", async ({ call, identity, bucketPolicy, says }) => {
    await expect(permissions(identity, bucketPolicy).assertAllows("app", call)).rejects.toThrow(says);
  });
});
