import { signIamToken } from "../../../webapp/redis/iam-token";

const AT = new Date("2025-01-01T00:00:00Z");
const target = { cacheId: "my-replication-group-id", user: "my-user-id", region: "eu-west-1" };
const keys = { accessKeyId: "fakeAccessKeyId", secretAccessKey: "fakeSecretKey" };

describe("signIamToken", () => {
  it.each([
    { who: "long-lived keys", more: {}, signature: "9e361603d85874bce06114c6644725ed113e3b11ae6fa92efdf10c6bcf5de8d7" },
    {
      who: "a role's session",
      more: { sessionToken: "fakeSessionToken" },
      signature: "bbce2bd61bd78461297ecb92e7001ddbeab2d85906c3cbedad6c9b81fb3466dc",
    },
  ])("signs like AWS' own example, by $who", async ({ more, signature }) => {
    const token = await signIamToken({ ...target, credentials: async () => ({ ...keys, ...more }) }, AT);
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
    const token = await signIamToken({ ...target, cacheId: "My-Cache", credentials }, AT);
    await signIamToken({ ...target, credentials }, AT);
    expect(credentials).toHaveBeenCalledTimes(2);
    expect(token).toMatch(/^my-cache\/\?/);
  });
});
