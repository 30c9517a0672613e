import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";
import { type Given, prepare } from "./aws-double/given";
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

  it("has each refusal the double knows in this table", () => {
    const sources = readdirSync(DOUBLE).filter((name) => name.endsWith(".py"));
    const text = sources.map((name) => readFileSync(path.join(DOUBLE, name), "utf8")).join("\n");
    const calls = /(?:refuse|refuse_ec2|check_name|check_free|is_off)\(\s*"([a-z-]+)"/g;
    const known = new Set([...text.matchAll(calls)].map(([, rule]) => rule));
    expect(known).toEqual(new Set(REFUSALS.map(({ rule }) => rule).filter((rule) => rule !== "moto")));
  });
});
