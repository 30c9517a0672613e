import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { describeWith } from "../../programs/require";
import { words } from "../aws-double/fixtures";
import { type StrictAws, startStrictAws } from "../aws-double/start";
import { cycle } from "../cycle";
import { region } from "../synthesize";
import type { Variant } from "../variants";
import { type AccountReport, walkInAccount, writeAccountReport } from "./walk";

const ROOT = path.join(__dirname, "..", "..", "..");
const LONG_MS = 900_000;
const VARIANT: Variant = { stack: "small", name: "default", settings: {} };
const USED = { did: ["used it"], standIns: [] };

const SMALL = {
  terraform: {
    required_providers: { aws: { source: "aws", version: "5.100.0" } },
    backend: { local: { path: "terraform.small.tfstate" } },
  },
  provider: { aws: [{ region: region() }] },
  data: { aws_iam_roles: { there: { name_regex: "^planted$" } } },
  resource: {
    aws_cloudwatch_log_group: { log: { name: "/small/log", retention_in_days: 7 } },
    aws_ssm_parameter: { secret: { name: "/small/secret", type: "SecureString", value: "quite a secret" } },
  },
};

describeWith(["terraform", "moto_server", "aws"], "a stack in an account", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "account-"));
  const synthesized = path.join(folder, "synthesized");
  /** In the account's place. */
  let account: StrictAws;

  beforeAll(async () => {
    mkdirSync(synthesized);
    writeFileSync(path.join(synthesized, "cdk.tf.json"), JSON.stringify(SMALL));
    account = await startStrictAws({ region: region() });
    const policy = '{"Version":"2012-10-17","Statement":[]}';
    await account.aws(...words("iam create-role --role-name planted --assume-role-policy-document"), policy);
  }, LONG_MS);
  afterAll(async () => {
    await account?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const logGroups = async () => {
    const { logGroups: groups } = await account.aws("logs", "describe-log-groups");
    return (groups as { logGroupName: string }[]).map(({ logGroupName }) => logGroupName);
  };
  it(
    "is deployed, used and destroyed, and what is answered otherwise than here is in the report",
    async () => {
      const seen: string[][] = [];
      const report: AccountReport = await walkInAccount(VARIANT, {
        work: path.join(folder, "walk"),
        aws: account,
        signal: new AbortController().signal,
        use: async () => {
          seen.push(await logGroups());
          return USED;
        },
        progress: () => {},
        synthesized,
      });
      expect(report.local.failure ?? report.account?.failure).toBeUndefined();
      expect(seen).toEqual([["/small/log"]]);
      expect(await logGroups()).toEqual([]);
      const address = "data.aws_iam_roles.there";
      expect(report.differences).toEqual([
        { address, attribute: "arns[0]", account: "arn:aws:iam::<account>:role/planted", local: undefined },
        { address, attribute: "names[0]", account: "planted", local: undefined },
      ]);
      const markdown = writeAccountReport(report, folder);
      expect(markdown).toContain("| data.aws_iam_roles.there | names[0] | `planted` |  |");
      expect(markdown).toContain("Used as deployed: used it.");
      const written = readFileSync(path.join(folder, "aws-small-default.json"), "utf8") + markdown;
      expect(written).not.toMatch(/quite a secret|\d{12}/);
    },
    LONG_MS,
  );

  it(
    "is destroyed after a failure",
    async () => {
      const told: string[] = [];
      const failed = await cycle(VARIANT, {
        ...{
          work: path.join(folder, "failed"),
          twice: false,
          synthesized,
          progress: (line: string) => told.push(line),
        },
        account: {
          aws: account,
          async use() {
            throw new Error("the site does not answer");
          },
        },
      });
      expect(failed.failure).toBe("the site does not answer");
      expect(told.at(-1)).toBe("destroyed: nothing of it is left in the account");
      expect(await logGroups()).toEqual([]);
    },
    LONG_MS,
  );

  /** Walks as a program of its own, and interrupts it as a terminal does, together with all that it has started. */
  async function interrupt(isTime: (said: string) => Promise<boolean>): Promise<{ said: string; code: number | null }> {
    const program = ["--require", "./cli/typescript.cjs", require.resolve("./small-walk")];
    const work = mkdtempSync(path.join(folder, "interrupted-"));
    const child = spawn(process.execPath, [...program, synthesized, work], {
      ...{ cwd: ROOT, env: { ...account.environment }, detached: true },
    });
    const { pid } = child;
    if (pid === undefined) throw new Error("the walk does not start");
    let said = "";
    const read = (chunk: Buffer) => {
      said += chunk.toString();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    const closed = once(child, "close");
    while (child.exitCode === null && !(await isTime(said))) await pause(100);
    if (child.exitCode === null) process.kill(-pid, "SIGINT");
    const [code] = await closed;
    return { said, code };
  }

  it(
    "is destroyed after Ctrl-C, and who pressed it is told",
    async () => {
      const { said, code } = await interrupt(async (text) => {
        return text.includes("account: first plan ") && (await logGroups()).length > 0;
      });
      expect(said).toContain("interrupted: the resources in the account are destroyed first\n");
      expect(said).toContain("account: destroyed: nothing of it is left in the account\n");
      expect(said).toContain("# small interrupted in an AWS account: falls short");
      expect(code).toBe(1);
      expect(await logGroups()).toEqual([]);
    },
    LONG_MS,
  );

  it(
    "is not deployed after Ctrl-C on the local AWS",
    async () => {
      const { said, code } = await interrupt(async (text) => text.includes("local: first plan "));
      expect(said).toContain("Nothing was deployed to the account.");
      expect(said).not.toContain("account: init");
      expect(code).toBe(1);
      expect(await logGroups()).toEqual([]);
    },
    LONG_MS,
  );

  it.each<{ what: string; args: readonly string[]; input: string; says: RegExp; code: number }>([
    {
      what: "without an account",
      args: ["session-lambda"],
      input: "",
      says: /^--account: got nothing, takes the 12 digits/,
      code: 2,
    },
    {
      what: "in an account that the credentials are not of",
      args: ["session-lambda", "--account", "999999999999"],
      input: "",
      says: /^--account: got 999999999999, the credentials are of 123456789012 \(arn:aws:.*\)\. Log in to/,
      code: 2,
    },
    {
      what: "with a variant that needs something made before",
      args: ["session-ec2", "--account", "123456789012", "--variant", "fleet-https"],
      input: "",
      says: /^--variant: got fleet-https, takes default, /,
      code: 2,
    },
    {
      what: "without a confirmation",
      args: ["session-lambda", "--account", "123456789012"],
      input: "yes\n",
      says: /^not confirmed: nothing was deployed\n$/,
      code: 1,
    },
  ])(
    "is not deployed $what",
    async ({ args, input, says, code }) => {
      const program = ["--require", "./cli/typescript.cjs", "__tests__/deploy/verify.ts", "--aws", ...args];
      const options = { cwd: ROOT, env: { ...account.environment }, input, encoding: "utf8" } as const;
      const { status, stdout, stderr } = spawnSync(process.execPath, program, options);
      expect(stderr).toMatch(says);
      expect(status).toBe(code);
      if (input !== "") {
        expect(stdout).toMatch(/account {3}123456789012, as arn:aws:/);
        expect(stdout).toMatch(/cost {6}about \$\d+\.\d\d an hour by list price \(\$\d+ a month\)/);
      }
      expect(await logGroups()).toEqual([]);
    },
    LONG_MS,
  );
});
