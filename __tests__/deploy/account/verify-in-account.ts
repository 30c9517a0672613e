import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline/promises";
import type { Readable, Writable } from "node:stream";
import { hourlyCost } from "../../../cli/cost/report";
import { FailedError } from "../../../cli/machine/failed-error";
import { UserError } from "../../../environment";
import { AwsCli } from "../aws-double/cli";
import type { Json, StrictAws } from "../aws-double/start";
import { AppliedState } from "../running/state";
import { region, type Settings, synthesize } from "../synthesize";
import { VARIANTS, type Variant } from "../variants";
import { useInAccount } from "./use";
import { untilInterrupted, walkInAccount, writeAccountReport } from "./walk";

/**
 * npm run verify -- --aws <stack> --account <number> [--variant <name>]
 *
 * The same way in an AWS account: apply, second plan, the copy, edits planned, use, destroy; after a failure or Ctrl-C it
 * destroys too. First all of it on the local AWS, so that what fails there costs nothing. Then the two are compared.
 */
const ROOT = path.join(__dirname, "..", "..", "..");
/** States of what is in an account must not go with cdktf.out. */
const WORK = path.join(ROOT, ".verify-aws");
const REPORTS = path.join(ROOT, "cdktf.out", "verify");
/** Prefix of every name in the account, so that nothing else there is touched. */
const NAME = { name: "verify" } satisfies Settings;

/** Where the question is asked and answered. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** The arguments of `npm run verify -- --aws`, as they were typed. */
interface Request {
  readonly stack: string;
  readonly account: string | undefined;
  /** @default - the stack's first */
  readonly name: string | undefined;
}

interface Asked {
  readonly variant: Variant & { readonly settings: Settings };
  readonly account: string;
}

/**
 * @returns whether it went well, in the account and on the local AWS; a difference between the two is no failure.
 * @throws {UserError} when the arguments or the account are not what they should be; nothing is deployed then.
 */
export async function verifyInAccount(
  request: Request,
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Promise<boolean> {
  const { variant, account } = check(request);
  const aws = openAccount();
  try {
    const { Account, Arn } = await aws.aws("sts", "get-caller-identity");
    if (Account !== account) {
      throw new UserError(
        `--account: got ${account}, the credentials are of ${Account} (${Arn}). Log in to the one you mean`,
      );
    }
    const work = path.join(WORK, `${variant.stack}-${variant.name}`);
    refuseLeftovers(work);
    const outdir = path.join(work, "priced");
    mkdirSync(outdir, { recursive: true, mode: 0o700 });
    const { folder } = await synthesize(variant.stack, { settings: variant.settings, outdir, cwd: work });
    terminal.output.write(announce(variant, account, Arn, readFileSync(path.join(folder, "cdk.tf.json"), "utf8")));
    if (!(await isConfirmed(account, terminal))) throw new FailedError("not confirmed: nothing was deployed");
    return await walk(variant, { work, aws, terminal });
  } finally {
    aws.stop();
  }
}

async function walk(
  variant: Variant,
  { work, aws, terminal }: { readonly work: string; readonly aws: StrictAws; readonly terminal: Terminal },
): Promise<boolean> {
  const report = await untilInterrupted(terminal, (signal, progress) => {
    return walkInAccount(variant, {
      ...{ work, aws, signal, progress },
      async use({ terraform }) {
        const state = new AppliedState(await terraform.run("show-state", ["show", "-json"]));
        return useInAccount({ state, aws, work, signal });
      },
    });
  });
  terminal.output.write(`\n${writeAccountReport(report, REPORTS)}\n`);
  terminal.output.write(`${path.relative(ROOT, REPORTS)}/aws-${variant.stack}-${variant.name}.md, .json\n`);
  if (report.passed) rmSync(work, { recursive: true, force: true });
  return report.passed;
}

function check({ stack, account = "", name: named }: Request): Asked {
  if (!/^\d{12}$/.test(account)) {
    throw new UserError(`--account: got ${account || "nothing"}, takes the 12 digits of the account to deploy to`);
  }
  // Settings that are a function make something beforehand, such as a certificate: in the local AWS alone.
  const deployable = VARIANTS.flatMap(({ settings, ...rest }) => {
    return typeof settings === "function" ? [] : [{ ...rest, settings: { ...settings, ...NAME } }];
  });
  const ofStack = deployable.filter((variant) => variant.stack === stack);
  const stacks = [...new Set(deployable.map((variant) => variant.stack))];
  if (ofStack.length === 0) throw new UserError(`--aws: got ${stack}, takes ${stacks.join(", ")}`);
  const variant = ofStack.find(({ name }) => name === (named ?? ofStack[0]?.name));
  if (variant === undefined) {
    throw new UserError(`--variant: got ${named}, takes ${ofStack.map(({ name }) => name).join(", ")}`);
  }
  const edits = (variant.edits ?? []).flatMap(({ settings, ...edit }) => {
    return typeof settings === "function" || edit.atAws !== undefined
      ? []
      : [{ ...edit, settings: { ...NAME, ...settings } }];
  });
  return { variant: { ...variant, edits }, account };
}

/** AWS as the user's own settings lead to it. */
export function openAccount(): StrictAws {
  const environment = { ...process.env, AWS_PAGER: "", AWS_REGION: region(), AWS_DEFAULT_REGION: region() };
  const cli = new AwsCli(environment);
  return {
    environment,
    async aws(...args) {
      const stdout = await cli.run([...args, "--output", "json"]);
      return stdout.trim() === "" ? {} : (JSON.parse(stdout) as Json);
    },
    stop: async () => cli.stop(),
  };
}

/** A state that still has resources is all that is known of them. */
function refuseLeftovers(work: string): void {
  const folder = path.join(work, "account", "stack");
  const override = path.join(folder, "double_override.tf.json");
  if (existsSync(override)) {
    const { path: state } = JSON.parse(readFileSync(override, "utf8")).terraform.backend.local;
    const resources = existsSync(state) ? JSON.parse(readFileSync(state, "utf8")).resources : [];
    if (resources.length > 0) {
      throw new UserError(
        `${state}: still has ${resources.length} resources of an earlier run, which cost money. Destroy them: terraform -chdir=${folder} destroy`,
      );
    }
  }
  rmSync(work, { recursive: true, force: true });
}

function announce({ stack, name, edits = [] }: Variant, account: string, arn: string, json: string): string {
  const types: Record<string, object> = JSON.parse(json).resource;
  const resources = Object.values(types).reduce((sum, byName) => sum + Object.keys(byName).length, 0);
  const hourly = hourlyCost(json);
  return [
    `verify --aws ${stack} ${name}`,
    `  account   ${account}, as ${arn}, region ${region()}`,
    `  deploys   ${resources} resources whose names begin with "${NAME.name}", plans ${edits.length} edits, uses them, destroys them`,
    "  meanwhile its pages are open to everybody, and anybody may log in with any name",
    `  cost      about $${hourly.toFixed(2)} an hour by list price ($${(hourly * 730).toFixed(0)} a month), for one to three hours;`,
    "            what can't be destroyed costs that until you destroy it. docs/cost.md",
    "",
  ].join("\n");
}

async function isConfirmed(account: string, { input, output }: Terminal): Promise<boolean> {
  output.write("Type the account's number to go on: ");
  const lines = createInterface({ input });
  try {
    for await (const line of lines) return line.trim() === account;
    return false;
  } finally {
    lines.close();
  }
}
