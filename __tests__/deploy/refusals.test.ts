import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";
import { type Given, prepare } from "./aws-double/fixtures";
import { REFUSALS } from "./aws-double/refusals";
import { type StrictAws, startStrictAws } from "./aws-double/start";

const DOUBLE = path.join(__dirname, "aws-double");

describeWith(["moto_server", "aws"], "what AWS refuses, the double refuses", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "refusals-"));
  const withoutFile = path.join(folder, "without");
  let double: StrictAws;
  let given: Given;

  beforeAll(async () => {
    double = await startStrictAws({ region: "ap-northeast-1", withoutFile });
    given = await prepare(double);
  }, 600_000);

  afterAll(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  // One command twice: refused; then, with this one refusal taken out of the double, let through. So the first can fail.
  it.each(REFUSALS)(
    "$what: $says",
    async ({ rule, says, command }) => {
      const line = command(given);
      writeFileSync(withoutFile, "");
      await expect(double.aws(...line)).rejects.toThrow(says);
      if (rule === "moto") return;
      writeFileSync(withoutFile, rule);
      await double.aws(...line);
    },
    120_000,
  );

  it("writes access strings its own way, so that one written otherwise is a change in each plan", async () => {
    writeFileSync(withoutFile, "");
    const answered = async (accessString: string, id: string) => {
      const user = ["--user-id", id, "--user-name", id, "--engine", "redis", "--no-password-required"];
      await double.aws("elasticache", "create-user", ...user, "--access-string", accessString);
      return (await double.aws("elasticache", "describe-users", "--user-id", id)).Users[0].AccessString;
    };
    expect(await answered("on allkeys allcommands", "long")).toBe("on ~* +@all");
    expect(await answered("on ~a:* +get", "open")).toBe("on ~a:* -@all +get");
    expect(await answered("on ~a:* -@all +get", "same")).toBe("on ~a:* -@all +get");
  }, 120_000);

  it("answers a client whose answer was lost, and that asks again, with what it missed", async () => {
    const create = async (invocation: string, attempt: number) => {
      const scope = "Credential=test/20250101/ap-northeast-1/elasticache/aws4_request, SignedHeaders=host, Signature=x";
      const headers = {
        authorization: `AWS4-HMAC-SHA256 ${scope}`,
        "amz-sdk-invocation-id": invocation,
        "amz-sdk-request": `attempt=${attempt}; max=3`,
      };
      const query = { Action: "CreateUserGroup", Version: "2015-02-02", UserGroupId: "lost", Engine: "valkey" };
      const body = new URLSearchParams(query);
      const url = double.environment.AWS_ENDPOINT_URL as string;
      return (await fetch(url, { method: "POST", headers, body })).status;
    };
    expect(await create("one", 1)).toBe(200);
    expect(await create("one", 2)).toBe(200);
    expect(await create("another", 1)).toBe(400);
    expect(await create("another", 2)).toBe(400);
  });

  it("has each refusal the double knows in this table", () => {
    const sources = readdirSync(DOUBLE).filter((name) => name.endsWith(".py"));
    const text = sources.map((name) => readFileSync(path.join(DOUBLE, name), "utf8")).join("\n");
    const calls = /(?:refuse|refuse_ec2|check_name|check_free|is_off)\(\s*"([a-z-]+)"/g;
    const known = new Set([...text.matchAll(calls)].map(([, rule]) => rule));
    expect(known).toEqual(new Set(REFUSALS.map(({ rule }) => rule).filter((rule) => rule !== "moto")));
  });
});
