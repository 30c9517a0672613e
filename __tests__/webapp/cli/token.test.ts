import { runNode } from "../../programs/command";

const INSPECT = ["webapp/dist/session-app.js", "inspect"];
const IAM = {
  REDIS_URL: "rediss://cache.example:6380",
  REDIS_AUTH: "iam",
  REDIS_USER: "app",
  REDIS_CACHE_ID: "sessions",
  AWS_REGION: "eu-west-1",
  AWS_ACCESS_KEY_ID: "fakeAccessKeyId",
  AWS_SECRET_ACCESS_KEY: "fakeSecretKey",
};

describe("inspect token", () => {
  it("prints a token and nothing else, to be piped on, without asking Redis", async () => {
    const { code, stdout, stderr } = await runNode([...INSPECT, "token"], IAM);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^sessions\/\?Action=connect&User=app&X-Amz-Algorithm=\S+&X-Amz-Signature=[0-9a-f]{64}\n$/);
    expect(stdout).toContain("X-Amz-Expires=900");
  });

  it("says what to type with it, with no secret on the command line", async () => {
    const { stdout } = await runNode([...INSPECT, "token", "--json"], { ...IAM, REDIS_CA_FILE: "ca.pem" });
    expect(JSON.parse(stdout)).toEqual({
      token: expect.stringMatching(/^sessions\//),
      user: "app",
      command:
        'REDISCLI_AUTH="$(session-inspect token)" redis6-cli --tls --cacert ca.pem -h cache.example -p 6380 --user app',
    });
  });

  it("says in one line that there are no AWS credentials", async () => {
    const { AWS_ACCESS_KEY_ID: _, ...none } = IAM;
    const { code, stdout, stderr } = await runNode([...INSPECT, "token"], {
      ...none,
      AWS_EC2_METADATA_DISABLED: "true",
    });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^Could not load credentials.*\n$/);
  });
});
