import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { type Call, checkCalls, readCalls } from "./calls";

const REGION = "ap-northeast-1";
const FORM = "application/x-www-form-urlencoded";

interface Sent {
  readonly service: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A form with an Action, as query and ec2 services take it. */
const query = (service: string, fields: Readonly<Record<string, string>>): Sent => ({
  service,
  headers: { "content-type": FORM },
  body: new URLSearchParams(fields).toString(),
});
/** A body with a target, as json services take it. */
const json = (service: string, target: string, body: object): Sent => ({
  service,
  headers: { "x-amz-target": target, "content-type": "application/x-amz-json-1.1" },
  body: JSON.stringify(body),
});
const rest = (service: string, method: string, place: string, body?: object | string): Sent => ({
  service,
  method,
  path: place,
  ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
});

const ECS = "AmazonEC2ContainerServiceV20141113";
const FUNCTIONS = "/2015-03-31/functions";
const code = { FunctionName: "f", Role: "arn:aws:iam::123456789012:role/r", Code: { ZipFile: "UEs=" } };
const versioning = (status: string, more = "") =>
  `<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>${status}</Status>${more}</VersioningConfiguration>`;

describeWith(["moto_server"], "what is sent to AWS", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "calls-"));
  const callsFile = path.join(folder, "calls.jsonl");
  let double: StrictAws;

  beforeAll(async () => {
    double = await startStrictAws({ region: REGION, callsFile });
  }, 300_000);
  afterAll(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Sends a request that no client would, since clients look first. @returns how the double read it. */
  async function send({ service, method = "POST", path: place = "/", headers = {}, body }: Sent): Promise<Call> {
    const scope = `Credential=KEY/20250101/${REGION}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=x`;
    const url = `${double.environment.AWS_ENDPOINT_URL}${place}`;
    const answer = await fetch(url, {
      method,
      headers: { ...headers, authorization },
      ...(body !== undefined && { body }),
    });
    await answer.text();
    return readCalls(callsFile).at(-1) as Call;
  }

  it.each<{ what: string; sent: Sent; operation: string; parameters: object }>([
    {
      what: "a form with lists, by their members' name",
      sent: query("elasticache", {
        Action: "CreateUserGroup",
        UserGroupId: "users",
        Engine: "redis",
        "UserIds.member.1": "one",
        "UserIds.member.2": "two",
        "Tags.Tag.1.Key": "Name",
      }),
      operation: "elasticache CreateUserGroup",
      parameters: { UserGroupId: "users", Engine: "redis", UserIds: ["one", "two"], Tags: [{ Key: "Name" }] },
    },
    {
      what: "EC2's form, whose lists have no name",
      sent: query("ec2", { Action: "DescribeSubnets", "Filter.1.Name": "vpc-id", "Filter.1.Value.1": "vpc-1" }),
      operation: "ec2 DescribeSubnets",
      parameters: { Filters: [{ Name: "vpc-id", Values: ["vpc-1"] }] },
    },
    {
      what: "a service that is signed for by another name",
      sent: query("elasticloadbalancing", { Action: "DescribeLoadBalancers", PageSize: "20" }),
      operation: "elbv2 DescribeLoadBalancers",
      parameters: { PageSize: 20 },
    },
    {
      what: "JSON with a target",
      sent: json("ecs", `${ECS}.DescribeClusters`, { clusters: ["one"], include: ["TAGS"] }),
      operation: "ecs DescribeClusters",
      parameters: { clusters: ["one"], include: ["TAGS"] },
    },
    {
      what: "a URI with a name in it, and a query",
      sent: rest("lambda", "GET", `${FUNCTIONS}/f?Qualifier=1`),
      operation: "lambda GetFunction",
      parameters: { FunctionName: "f", Qualifier: "1" },
    },
    {
      what: "JSON under the names that a URI's service gives it",
      sent: rest("apigateway", "POST", "/v2/apis", { name: "api", protocolType: "HTTP" }),
      operation: "apigatewayv2 CreateApi",
      parameters: { Name: "api", ProtocolType: "HTTP" },
    },
    {
      what: "XML, chosen by the query",
      sent: rest("s3", "PUT", "/bucket?versioning", versioning("Enabled")),
      operation: "s3 PutBucketVersioning",
      parameters: { Bucket: "bucket", VersioningConfiguration: { Status: "Enabled" } },
    },
    {
      what: "a key with slashes, chosen by a header",
      sent: { ...rest("s3", "PUT", "/bucket/a/b%20c"), headers: { "x-amz-copy-source": "bucket/d" } },
      operation: "s3 CopyObject",
      parameters: { Bucket: "bucket", Key: "a/b c", CopySource: "bucket/d" },
    },
  ])("is read: $what", async ({ sent, operation, parameters }) => {
    const call = await send(sent);
    expect(`${call.service} ${call.operation}`).toBe(operation);
    expect(call).toMatchObject({ parameters, findings: [], who: { accessKey: "KEY" } });
    expect(call.values).toBeGreaterThan(0);
  });

  it.each<{ what: string; sent: Sent; member: string; got: string; allowed: string | RegExp }>([
    {
      what: "a required member that is missing",
      sent: query("elasticache", { Action: "CreateUserGroup", UserGroupId: "users" }),
      ...{ member: "Engine", got: "nothing", allowed: "required" },
    },
    {
      what: "an unknown member in a form",
      sent: query("ec2", { Action: "CreateVpc", CidrBlock: "10.0.0.0/16", "Tags.1.Key": "Name" }),
      ...{ member: "Tags", got: "{'1': {'Key': 'Name'}}", allowed: "no such member in the model" },
    },
    {
      what: "an unknown member deep in JSON",
      sent: json("ecs", `${ECS}.RegisterTaskDefinition`, {
        family: "f",
        containerDefinitions: [{ name: "app", capabilities: {} }],
      }),
      ...{ member: "containerDefinitions[0].capabilities", got: "{}", allowed: "no such member in the model" },
    },
    {
      what: "a value that is none of an enum",
      sent: json("ecs", `${ECS}.RegisterTaskDefinition`, {
        family: "f",
        containerDefinitions: [],
        networkMode: "awsvcp",
      }),
      ...{ member: "networkMode", got: "awsvcp", allowed: "one of bridge, host, awsvpc, none" },
    },
    {
      what: "a value that does not match a pattern",
      sent: query("iam", { Action: "GetRole", RoleName: "the role" }),
      ...{ member: "RoleName", got: "the role", allowed: "text that matches [\\w+=,.@-]+" },
    },
    {
      what: "text that is too long",
      sent: query("iam", { Action: "GetRole", RoleName: "r".repeat(65) }),
      ...{ member: "RoleName", got: "65 characters", allowed: "at least 1 and at most 64 characters" },
    },
    {
      what: "a number out of its range",
      sent: rest("lambda", "POST", FUNCTIONS, { ...code, MemorySize: 64 }),
      ...{ member: "MemorySize", got: "64", allowed: /^at least 128 and at most \d+$/ },
    },
    {
      what: "a list with more than it takes",
      sent: rest("lambda", "POST", FUNCTIONS, { ...code, Architectures: ["arm64", "arm64"] }),
      ...{ member: "Architectures", got: "2 items", allowed: "at least 1 and at most 1 items" },
    },
    {
      what: "text where a number belongs",
      sent: rest("lambda", "POST", FUNCTIONS, { ...code, Timeout: "3" }),
      ...{ member: "Timeout", got: "3", allowed: "integer" },
    },
    {
      what: "a number in a form that is none",
      sent: query("elasticloadbalancing", { Action: "DescribeLoadBalancers", PageSize: "many" }),
      ...{ member: "PageSize", got: "many", allowed: "integer" },
    },
    {
      what: "a value in a body that is none of an enum",
      sent: rest("apigateway", "POST", "/v2/apis", { name: "api", protocolType: "HTTPS" }),
      ...{ member: "ProtocolType", got: "HTTPS", allowed: "one of WEBSOCKET, HTTP" },
    },
    {
      what: "an unknown element of XML",
      sent: rest("s3", "PUT", "/bucket?versioning", versioning("Enabled", "<Mfa>Disabled</Mfa>")),
      ...{ member: "VersioningConfiguration.Mfa", got: "Disabled", allowed: "no such member in the model" },
    },
    {
      what: "an element of XML with a value that is none of an enum",
      sent: rest("s3", "PUT", "/bucket?versioning", versioning("On")),
      ...{ member: "VersioningConfiguration.Status", got: "On", allowed: "one of Enabled, Suspended" },
    },
    {
      what: "a header with a value that is none of an enum",
      sent: { ...rest("s3", "PUT", "/bucket"), headers: { "x-amz-object-ownership": "Mine" } },
      member: "ObjectOwnership",
      got: "Mine",
      allowed: "one of BucketOwnerPreferred, ObjectWriter, BucketOwnerEnforced",
    },
    {
      what: "an unknown name in a query",
      sent: rest("lambda", "GET", `${FUNCTIONS}/f?Version=1`),
      ...{ member: "Version", got: "1", allowed: "no such member in the model" },
    },
    {
      what: "an operation that the service does not have",
      sent: json("ecs", `${ECS}.CreateTask`, {}),
      ...{ member: "", got: "UnknownCall: ecs: has no operation CreateTask", allowed: /a model describes/ },
    },
    {
      what: "a service without a model",
      sent: json("nothing", "Nothing.Do", {}),
      ...{
        member: "",
        got: "UnknownCall: nothing: botocore has no model of this service",
        allowed: /a model describes/,
      },
    },
  ])("is not as AWS' model has it, and that is found: $what", async ({ sent, member, got, allowed }) => {
    const expected = { member, got, allowed: typeof allowed === "string" ? allowed : expect.stringMatching(allowed) };
    expect((await send(sent)).findings).toContainEqual(expected);
  });

  it("keeps secrets and files to itself", async () => {
    const secret = { Name: "n", SecretString: "quite a secret" };
    const { parameters } = await send(json("secretsmanager", "secretsmanager.CreateSecret", secret));
    expect(parameters).toEqual({ Name: "n", SecretString: "<14 characters>" });
    const tooLong = { Name: "n", SecretString: "secret".repeat(20_000) };
    const { findings } = await send(json("secretsmanager", "secretsmanager.CreateSecret", tooLong));
    expect(findings.map(({ member }) => member)).toContain("SecretString");
    expect(JSON.stringify(findings)).not.toContain("secretsecret");
  });
});

it("counts calls, operations and values, and says each finding once", () => {
  const finding = { member: "Engine", got: "nothing", allowed: "required" };
  const call: Call = {
    time: 0,
    who: { accessKey: "KEY", program: "terraform" },
    service: "elasticache",
    signingName: "elasticache",
    operation: "CreateUserGroup",
    parameters: {},
    status: 400,
    values: 2,
    findings: [finding],
  };
  expect(checkCalls([call, call, { ...call, operation: "CreateUser", findings: [] }])).toEqual({
    calls: 3,
    operations: ["elasticache CreateUser", "elasticache CreateUserGroup"],
    values: 6,
    findings: ["elasticache CreateUserGroup: Engine: got nothing, allowed: required"],
  });
});
