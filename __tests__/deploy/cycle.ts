import { mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { applyEdits } from "./applied-edits";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import type { Noticed } from "./bounds";
import { type CheckedCalls, checkCalls, readCalls } from "./calls";
import { copyPlansTheSame, copyStack } from "./copy";
import { askDeployer } from "./deployer/ask";
import { planEdits } from "./edits";
import { FIRST_PLAN, readFirstPlan } from "./first-plan";
import type { PlannedChange } from "./planned-changes";
import { findProviders, howToInstall, requiredProviders, terraformVariables } from "./provider";
import { type Used, useAsDeployed } from "./running";
import { Semaphore } from "./semaphore";
import { region, synthesize } from "./synthesize";
import { StepFailed, Terraform } from "./terraform";
import type { Variant } from "./variants";

/** A stack that is applied. */
export interface Deployed {
  readonly variant: Variant;
  readonly terraform: Terraform;
  readonly aws: StrictAws;
  /** The folder synthesis wrote. */
  readonly synthesized: string;
  /** Where further folders of this variant go. */
  readonly work: string;
}

/** How a variant went. */
export interface Outcome {
  readonly stack: string;
  readonly variant: string;
  readonly resources: number;
  readonly steps: readonly { readonly name: string; readonly seconds: number }[];
  readonly plans: Readonly<Record<string, readonly PlannedChange[]>>;
  /** How it was used as deployed; left out where that is not asked for. */
  readonly used?: Used;
  /** The effects that visitors noticed, for each rotation and drill. */
  readonly noticed: readonly Noticed[];
  /** The calls to AWS, checked against AWS' service models. */
  readonly calls: CheckedCalls;
  /** The error; undefined after a success. */
  readonly failure?: string;
}

/** Results of the checks of an applied stack. */
export type Findings = {
  readonly plans: Record<string, readonly PlannedChange[]>;
  used?: Used;
  readonly noticed: Noticed[];
};
/** Runs a step and notes how long it took. */
export type Timed = <T>(name: string, step: () => Promise<T>) => Promise<T>;

/** At most as many variants with browsers and servers as cores; other work mostly waits. */
const VISITED = new Semaphore(os.availableParallelism());

/** A cache takes AWS half an hour, a function's network interfaces 45 minutes. */
const ACCOUNT_STEP_MS = 3 * 3_600_000;

/** The checks of an applied stack before it is destroyed, in order. A new check is a new line. */
const WHILE_DEPLOYED: readonly ((deployed: Deployed, timed: Timed, findings: Findings) => Promise<void>)[] = [
  (deployed, timed) => timed("copy plans the same", () => copyPlansTheSame(deployed)),
  planEdits,
  // Last: what is rotated is applied.
  async (deployed, timed, findings) => {
    if (!deployed.variant.used) return;
    findings.used = await VISITED.run(() => timed("used as deployed", () => useAsDeployed(deployed, findings)));
  },
];

/** Where a variant is deployed. */
export interface Account {
  readonly aws: StrictAws;
  /** Uses what is deployed there. */
  use(deployed: Deployed, findings: Findings): Promise<Used>;
}

/** How a variant is gone through. */
export interface CycleOptions {
  /** Folder for all it writes. */
  readonly work: string;
  /** Whether it is applied and destroyed once more. */
  readonly twice: boolean;
  readonly progress: (line: string) => void;
  /** An account; there it is destroyed after a failure too. @default - a local AWS of its own */
  readonly account?: Account;
  /** Ends the step that runs, and all that would follow; in an account it is destroyed all the same. @default - never */
  readonly signal?: AbortSignal;
  /** Told `terraform show -json` of what is applied. */
  readonly applied?: (json: string) => void;
  /** Folder of the synthesized stack. @default - the variant's, synthesized into `work` */
  readonly synthesized?: string;
}

/** Apply, empty second plan, what is asked while deployed, destroy; and all of it again when asked. Never throws. */
export async function cycle(variant: Variant, options: CycleOptions): Promise<Outcome> {
  const { work, twice, progress, account, signal } = options;
  const steps: { name: string; seconds: number }[] = [];
  const findings: Findings = { plans: {}, noticed: [] };
  let resources = 0;
  let failure: string | undefined;
  const timed: Timed = async (name, step) => {
    signal?.throwIfAborted();
    const started = Date.now();
    try {
      return await step();
    } finally {
      const seconds = Math.round((Date.now() - started) / 100) / 10;
      steps.push({ name, seconds });
      progress(`${name} ${seconds} s`);
    }
  };
  mkdirSync(work, { recursive: true });
  const callsFile = path.join(work, "calls.jsonl");
  const aws = account?.aws ?? (await startStrictAws({ region: region(), log: path.join(work, "aws.log"), callsFile }));
  let opened: Terraform | undefined;
  try {
    const settings = typeof variant.settings === "function" ? await variant.settings(aws) : variant.settings;
    const outdir = path.join(work, "synth");
    const synthesized =
      options.synthesized ??
      (await timed("synth", () => synthesize(variant.stack, { settings, outdir, cwd: work }))).folder;
    const terraform = open(synthesized, aws, options);
    opened = terraform;
    const deployed: Deployed = { variant, terraform, aws, synthesized, work };
    await timed("init", () => init(terraform, synthesized));
    await timed("validate", () => terraform.run("validate", ["validate"]));
    await timed("first plan", () => readFirstPlan(deployed));
    resources = await timed("apply", () => terraform.apply("apply", FIRST_PLAN));
    // Up to here it went as it goes at people's.
    if (account === undefined) await terraform.keepProvider();
    options.applied?.(await terraform.run("show-applied", ["show", "-json"]));
    await timed("second plan", () => terraform.planNothing("second-plan"));
    for (const ask of WHILE_DEPLOYED) await ask(deployed, timed, findings);
    if (account !== undefined) findings.used = await timed("used as deployed", () => account.use(deployed, findings));
    await applyEdits(deployed, timed, findings, (edited) => timed("destroy", () => edited.destroy("destroy")));
    if (twice) {
      await timed("apply again", () => terraform.apply("apply-again"));
      await timed("destroy again", () => terraform.destroy("destroy-again"));
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    progress(`FAILED: ${failure}`);
    if (account !== undefined && opened !== undefined) failure += await takeDown(opened, progress);
  } finally {
    await opened?.stop();
    if (account === undefined) await aws.stop();
  }
  const calls = checkCalls(readCalls(callsFile));
  const refused = account === undefined ? await askDeployer(readCalls(callsFile), variant) : undefined;
  if (refused !== undefined) progress(`FAILED: ${refused}`);
  const failures = [failure, unmodelled(calls), refused].filter((one) => one !== undefined).join("\n");
  if (calls.findings.length > 0) progress(`FAILED: ${unmodelled(calls)}`);
  const outcome = { stack: variant.stack, variant: variant.name, resources, steps, ...findings, calls };
  return { ...outcome, ...(failures && { failure: failures }) };
}

/** Destroys what a failure left in an account, in two attempts. @returns what is still there, for people; else nothing. */
async function takeDown(terraform: Terraform, progress: (line: string) => void): Promise<string> {
  let why = "";
  for (const step of ["destroy after failure", "destroy once more"]) {
    try {
      progress(step);
      await terraform.destroy(step.replaceAll(" ", "-"));
      progress("destroyed: nothing of it is left in the account");
      return "";
    } catch (error) {
      why = (error as Error).message;
    }
  }
  return `\nSTILL IN THE ACCOUNT, and paid for: terraform -chdir=${terraform.folder} destroy\n${why}`;
}

/** Each way in which a call is not as AWS' service models have it. */
function unmodelled({ findings }: CheckedCalls): string | undefined {
  return findings.length === 0 ? undefined : ["not as AWS' service models have it:", ...findings].join("\n");
}

/** A copy of a synthesized stack that keeps its state beside it, with Terraform in it. */
function open(synthesized: string, aws: StrictAws, { work, progress, account, signal }: CycleOptions): Terraform {
  const source = findProviders(requiredProviders(synthesized));
  const variables = terraformVariables(source, path.join(work, "terraform.rc"));
  const logs = path.join(work, "logs");
  mkdirSync(logs, { recursive: true });
  const environment = { ...aws.environment, ...variables, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  const folder = copyStack(synthesized, path.join(work, "stack"), work, undefined, account !== undefined);
  const patience = account && { stepMs: ACCOUNT_STEP_MS };
  return new Terraform({ folder, logs, environment, progress, ...patience, ...(signal && { signal }) });
}

async function init(terraform: Terraform, synthesized: string): Promise<void> {
  try {
    await terraform.init();
  } catch (error) {
    const providers = requiredProviders(synthesized);
    if (findProviders(providers).what !== "registry") throw error;
    throw new StepFailed(`${howToInstall(providers)}\n${(error as Error).message}`);
  }
}
