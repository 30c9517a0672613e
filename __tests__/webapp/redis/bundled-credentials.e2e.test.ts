import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { until } from "../../harness/poll";
import { runNode } from "../../programs/command";
import { type CredentialService, startTokenServices } from "../../programs/credential-services";

const ROOT = path.join(__dirname, "..", "..", "..");
const DIST = path.join("webapp", "dist");
const ROLE = "arn:aws:iam::123456789012:role/app";
const KEY = /X-Amz-Credential=KEY1%2F/;

/** Credentials of the AWS SDK's standard chain beyond those of the environment and of instances, from the built bundles. */
describe("the bundles log in as the AWS SDK does, by", () => {
  const home = mkdtempSync(path.join(os.tmpdir(), "home-"));
  let service: CredentialService;

  beforeAll(async () => {
    mkdirSync(path.join(home, ".aws", "sso", "cache"), { recursive: true });
    writeFileSync(path.join(home, "web-identity"), "a-web-identity-token");
    const profiles = [
      "[profile base]",
      "aws_access_key_id = BASEKEY",
      "aws_secret_access_key = secret",
      "[profile assumed]",
      `role_arn = ${ROLE}`,
      "source_profile = base",
      "[profile sso]",
      "sso_session = corp",
      "sso_account_id = 123456789012",
      "sso_role_name = app",
      "[sso-session corp]",
      "sso_region = eu-west-1",
      "sso_start_url = https://example.awsapps.com/start",
    ];
    writeFileSync(path.join(home, ".aws", "config"), `${profiles.join("\n")}\n`);
    const login = { accessToken: "an-sso-token", expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    const cached = `${createHash("sha1").update("corp").digest("hex")}.json`;
    writeFileSync(path.join(home, ".aws", "sso", "cache", cached), JSON.stringify(login));
  });
  beforeEach(async () => {
    service = await startTokenServices();
  });
  afterEach(() => service.stop());
  afterAll(() => rmSync(home, { recursive: true }));

  const variables = (): Record<string, string> => ({
    HOME: home,
    REDIS_URL: "rediss://127.0.0.1:1",
    REDIS_AUTH: "iam",
    REDIS_USER: "app",
    REDIS_CACHE_ID: "sessions",
    AWS_REGION: "eu-west-1",
    AWS_ENDPOINT_URL_STS: service.url,
    AWS_ENDPOINT_URL_SSO: service.url,
    AWS_EC2_METADATA_DISABLED: "true",
  });
  const webIdentity = { AWS_WEB_IDENTITY_TOKEN_FILE: path.join(home, "web-identity"), AWS_ROLE_ARN: ROLE };

  it.each<{ way: string; more: Record<string, string>; asked: RegExp }>([
    { way: "web identity", more: webIdentity, asked: /^Action=AssumeRoleWithWebIdentity&.*a-web-identity-token/ },
    { way: "an assumed role", more: { AWS_PROFILE: "assumed" }, asked: /^Action=AssumeRole&/ },
    { way: "SSO", more: { AWS_PROFILE: "sso" }, asked: /^GET \/federation\/credentials\?.*role_name=app/ },
  ])("$way", async ({ more, asked }) => {
    const inspect = [path.join(DIST, "session-app.js"), "inspect", "token"];
    const { code, stdout, stderr } = await runNode(inspect, { ...variables(), ...more });
    expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(KEY);
    expect(service.asked).toEqual([expect.stringMatching(asked)]);
  });

  it("web identity in the function", async () => {
    const call = `require("./${DIST}/session-lambda.js").handler({}, { getRemainingTimeInMillis: () => 5000 })`;
    const env = { ...variables(), ...webIdentity, PATH: process.env.PATH, SECRET_KEY: "k".repeat(40), LOGIN: "demo" };
    const running = spawn(process.execPath, ["-e", call], { cwd: ROOT, env, stdio: "ignore" });
    try {
      await until(async () => service.asked.length > 0, "a question to STS");
      expect(service.asked[0]).toMatch(/Action=AssumeRoleWithWebIdentity/);
    } finally {
      running.kill("SIGKILL");
    }
  });
});
