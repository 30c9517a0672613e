import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { kindsOf, type PlannedChange, plannedChanges } from "./planned-changes";
import { findProviders, howToInstall, requiredProviders, terraformVariables } from "./provider";
import { StepFailed, Terraform } from "./terraform";
import { type Used, useAsDeployed } from "./used";
import { region, type Settings, synthesize, type Variant } from "./variants";

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
  /** What went wrong; nothing did when left out. */
  readonly failure?: string;
}

/** What asking an applied stack brings to light. */
type Findings = { readonly plans: Record<string, readonly PlannedChange[]>; used?: Used };
type Timed = <T>(name: string, step: () => Promise<T>) => Promise<T>;

/** What is asked of an applied stack before it is destroyed, in order: a further proof is a further line. */
const WHILE_DEPLOYED: readonly ((deployed: Deployed, timed: Timed, findings: Findings) => Promise<void>)[] = [
  (deployed, timed) => timed("copy plans the same", () => copyPlansTheSame(deployed)),
  planEdits,
  async (deployed, timed, findings) => {
    if (deployed.variant.used) findings.used = await timed("used as deployed", () => useAsDeployed(deployed));
  },
];

/** How a variant is gone through. */
export interface Course {
  /** Folder for all it writes. */
  readonly work: string;
  /** Whether it is applied and destroyed once more. */
  readonly twice: boolean;
  readonly progress: (line: string) => void;
}

/** Apply, empty second plan, what is asked while deployed, destroy; and all of it again when asked. Never throws. */
export async function cycle(variant: Variant, { work, twice, progress }: Course): Promise<Outcome> {
  const steps: { name: string; seconds: number }[] = [];
  const findings: Findings = { plans: {} };
  let resources = 0;
  let failure: string | undefined;
  const timed: Timed = async (name, step) => {
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
  const aws = await startStrictAws({ region: region(), log: path.join(work, "aws.log") });
  try {
    const settings = typeof variant.settings === "function" ? await variant.settings(aws) : variant.settings;
    const synthesized = await timed("synth", () => synthesize(variant.stack, settings, path.join(work, "synth")));
    const terraform = open(synthesized, work, aws, progress);
    const deployed: Deployed = { variant: { ...variant, settings }, terraform, aws, synthesized, work };
    await timed("init", () => init(terraform, synthesized));
    await timed("validate", () => terraform.run("validate", ["validate"]));
    resources = await timed("apply", () => terraform.apply("apply"));
    await timed("second plan", () => terraform.planNothing("second-plan"));
    for (const ask of WHILE_DEPLOYED) await ask(deployed, timed, findings);
    await timed("destroy", () => terraform.destroy("destroy"));
    if (twice) {
      await timed("apply again", () => terraform.apply("apply-again"));
      await timed("destroy again", () => terraform.destroy("destroy-again"));
    }
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    progress(`FAILED: ${failure}`);
  } finally {
    await aws.stop();
  }
  return { stack: variant.stack, variant: variant.name, resources, steps, ...findings, ...(failure && { failure }) };
}

/** A copy of a synthesized stack that keeps its state beside it, with Terraform in it. */
function open(synthesized: string, work: string, aws: StrictAws, progress: (line: string) => void): Terraform {
  const source = findProviders(requiredProviders(synthesized));
  const variables = terraformVariables(source, path.join(work, "terraform.rc"));
  const logs = path.join(work, "logs");
  mkdirSync(logs, { recursive: true });
  const environment = { ...aws.environment, ...variables, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  const folder = copyStack(synthesized, path.join(work, "stack"), work);
  return new Terraform({ folder, logs, environment, progress });
}

/**
 * The stack's JSON and assets in a folder of their own, over a state in `work`; without the provider's patience, which
 * would repeat for minutes what the double refuses for good.
 *
 * @throws when the folder is no synthesized stack: a copy of anything else is nothing to deploy.
 */
export function copyStack(synthesized: string, target: string, work: string): string {
  const json = path.join(synthesized, "cdk.tf.json");
  if (!existsSync(json)) throw new Error(`${synthesized}: got no cdk.tf.json, takes the folder of a synthesized stack`);
  mkdirSync(target, { recursive: true });
  cpSync(json, path.join(target, "cdk.tf.json"));
  const assets = path.join(synthesized, "assets");
  if (existsSync(assets)) cpSync(assets, path.join(target, "assets"), { recursive: true });
  const override = {
    provider: { aws: [{ max_retries: 2 }] },
    terraform: { backend: { local: { path: path.join(work, "terraform.tfstate") } } },
  };
  writeFileSync(path.join(target, "double_override.tf.json"), JSON.stringify(override));
  return target;
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

/** The stack is a Terraform root by itself: JSON and assets, anywhere, mean the same. */
async function copyPlansTheSame({ synthesized, terraform, work }: Deployed): Promise<void> {
  const elsewhere = terraform.in(copyStack(synthesized, path.join(work, "elsewhere", "a copy"), work));
  await elsewhere.init();
  await elsewhere.planNothing("copy", "-refresh=false", "-lock=false");
}

async function planEdits(deployed: Deployed, timed: Timed, { plans }: Findings): Promise<void> {
  const wrong: string[] = [];
  for (const { name, settings, shows } of deployed.variant.edits ?? []) {
    const id = name.replaceAll(" ", "-");
    const changes = await timed(`plan: ${name}`, () => planEdit(deployed, id, settings));
    plans[name] = changes;
    const kinds = kindsOf(changes);
    const wanted = [...shows].sort();
    if (kinds.join() === wanted.join()) continue;
    const seen = changes.map(({ action, address, because }) => `  ${[action, address, ...because].join(" ")}`);
    const got = `got ${kinds.join(", ") || "no change"}; must show ${wanted.join(", ") || "none"}`;
    wrong.push(`plan: ${name}: ${got}\n${seen.join("\n")}`);
  }
  if (wrong.length > 0) throw new StepFailed(wrong.join("\n"));
}

async function planEdit({ variant, terraform, work }: Deployed, id: string, settings: Settings) {
  const edited = await synthesize(variant.stack, settings, path.join(work, `synth-${id}`));
  const there = terraform.in(copyStack(edited, path.join(work, `edit-${id}`), work));
  await there.init();
  return plannedChanges(there, `plan-${id}`);
}
