import type * as Credentials from "../../../webapp/redis/credentials";
import { until } from "../../harness/poll";
import {
  type CredentialService,
  startInstanceMetadata,
  startTaskCredentials,
} from "../../programs/credential-services";

const IAM = { kind: "iam", user: "app", cacheId: "sessions", region: "ap-northeast-1" } as const;

/** The password source as a fresh process would have it: the credential chain is made once and kept. */
async function freshPassword(): Promise<() => Promise<string>> {
  jest.resetModules();
  const { resolveCredentials } = jest.requireActual<typeof Credentials>("../../../webapp/redis/credentials");
  const { password } = resolveCredentials(IAM);
  if (password === undefined) throw new Error("no password");
  return password;
}

/** The signer of a token: the key id, and the session the key belongs to. */
function readSigner(token: string): [key: string | undefined, session: string | null] {
  const query = new URL(`http://${token}`).searchParams;
  return [query.get("X-Amz-Credential")?.split("/")[0], query.get("X-Amz-Security-Token")];
}

describe("the AWS credentials that sign a token", () => {
  const before = { ...process.env };
  let service: CredentialService | undefined;

  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) delete process.env[name];
    // Without the profile of the user who runs this.
    process.env.AWS_SHARED_CREDENTIALS_FILE = "/nonexistent";
    process.env.AWS_CONFIG_FILE = "/nonexistent";
  });
  afterEach(async () => {
    process.env = { ...before };
    await service?.stop();
    service = undefined;
  });

  it("come from the environment on Lambda, session token included", async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "LAMBDAKEY",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "lambda-session",
    });
    expect(readSigner(await (await freshPassword())())).toEqual(["LAMBDAKEY", "lambda-session"]);
  });

  it("come from the task's own endpoint on ECS", async () => {
    service = await startTaskCredentials();
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${service.url}/v2/credentials`;
    expect(readSigner(await (await freshPassword())())).toEqual(["KEY1", "session-of-KEY1"]);
  });

  it("come from instance metadata on EC2, by its second version alone", async () => {
    service = await startInstanceMetadata();
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = service.url;
    expect(readSigner(await (await freshPassword())())).toEqual(["KEY1", "session-of-KEY1"]);
    expect(service.asked[0]).toBe("PUT /latest/api/token");
  });

  it("are kept while they hold, and renewed before they don't, without a failed token", async () => {
    service = await startTaskCredentials();
    process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI = `${service.url}/v2/credentials`;
    const password = await freshPassword();
    await Promise.all(Array.from({ length: 5 }, password));
    expect(service.asked).toHaveLength(1);
    service.next = { accessKeyId: "SHORT", seconds: 60 };
    const short = await freshPassword();
    expect(readSigner(await short())[0]).toBe("SHORT");
    service.next = { accessKeyId: "KEY2", seconds: 3600 };
    await until(async () => readSigner(await short())[0] === "KEY2", "the next credentials");
    service.next = { accessKeyId: "KEY3", seconds: 3600 };
    expect(readSigner(await short())[0]).toBe("KEY2");
  });
});
