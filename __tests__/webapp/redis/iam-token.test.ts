import { iamToken } from "../../../webapp/redis/iam-token";
import { findWrong } from "../../programs/iam-login";

const AT = new Date("2025-01-01T00:00:00Z");
const target = { cacheId: "my-replication-group-id", user: "my-user-id", region: "eu-west-1" };
const keys = { accessKeyId: "fakeAccessKeyId", secretAccessKey: "fakeSecretKey" };

describe("iamToken", () => {
  it.each([
    { who: "long-lived keys", more: {}, signature: "9e361603d85874bce06114c6644725ed113e3b11ae6fa92efdf10c6bcf5de8d7" },
    {
      who: "a role's session",
      more: { sessionToken: "fakeSessionToken" },
      signature: "bbce2bd61bd78461297ecb92e7001ddbeab2d85906c3cbedad6c9b81fb3466dc",
    },
  ])("signs like AWS' own example, by $who", async ({ more, signature }) => {
    const token = await iamToken({ ...target, credentials: async () => ({ ...keys, ...more }) }, AT);
    expect(token).toMatch(/^my-replication-group-id\/\?/);
    const query = new URL(`http://${token}`).searchParams;
    expect(Object.fromEntries(query)).toMatchObject({
      Action: "connect",
      User: "my-user-id",
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Date": "20250101T000000Z",
      "X-Amz-Expires": "900",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": signature,
    });
  });

  it("asks for credentials for each token, and holds the cache's id in lower case as AWS does", async () => {
    const credentials = jest.fn(async () => keys);
    const token = await iamToken({ ...target, cacheId: "My-Cache", credentials }, AT);
    await iamToken({ ...target, credentials }, AT);
    expect(credentials).toHaveBeenCalledTimes(2);
    expect(token).toMatch(/^my-cache\/\?/);
  });

  it.each([false, true])("has the form that AWS documents, and no other value: serverless %p", async (serverless) => {
    const credentials = async () => ({ ...keys, sessionToken: "a/session+token==" });
    const token = await iamToken({ ...target, serverless, credentials }, AT);
    const cache = {
      cacheId: target.cacheId,
      region: target.region,
      secrets: { [keys.accessKeyId]: keys.secretAccessKey },
    };
    expect(findWrong(token, target.user, { ...cache, serverless }, AT.getTime())).toBeUndefined();
    expect(findWrong(token, target.user, { ...cache, serverless: !serverless }, AT.getTime())).toMatch(
      /^ResourceType /,
    );
    expect(findWrong(token, "another", { ...cache, serverless }, AT.getTime())).toBe(`User ${target.user}`);
    expect(findWrong(token, target.user, { ...cache, serverless }, AT.getTime() + 900_000)).toBe("expired");
    const changed = token.replace("X-Amz-Expires=900", "X-Amz-Expires=899");
    expect(findWrong(changed, target.user, { ...cache, serverless }, AT.getTime())).toBe("signature");
  });

  it.each([
    {
      option: "cacheId",
      value: "master.sessions.abc123.euw1.cache.amazonaws.com:6379",
      takes: "the id of a replication",
    },
    { option: "user", value: "no user", takes: "a user name of letters" },
    { option: "region", value: "", takes: "an AWS region" },
  ])("refuses a $option of another form", async ({ option, value, takes }) => {
    const wrong = iamToken({ ...target, credentials: async () => keys, [option]: value });
    await expect(wrong).rejects.toThrow(`iamToken: ${option}: got "${value}", takes ${takes}`);
  });
});
