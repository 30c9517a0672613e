import { spawn } from "node:child_process";
import path from "node:path";
import { Command } from "commander";
import { readPlan } from "../plan/read";
import { review } from "../plan/review";
import { makePlan } from "../plan/terraform";
import { asText } from "../plan/text";
import { UnreadableError } from "../policy/read";
import { SettingsError } from "../settings";
import { NotReadyError } from "../workplace/not-ready";
import { requireReady } from "../workplace/ready";
import { ROOT } from "../workplace/synthesize";
import { afterDeploy, afterDestroy } from "./what-now";

/** Not a dependency: 423 MB, for those who deploy. */
const CDKTF_CLI = "cdktf-cli@0.21.0";

const ACTS = {
  deploy: {
    says: "Says what a deploy does and what to fear of it, has cdktf-cli ask and do it, says what to do next.",
    after: afterDeploy,
    fails: "docs/operations.md#a-deploy-fails",
  },
  destroy: {
    says: "Says what is lost, has cdktf-cli ask and destroy it.",
    after: afterDestroy,
    fails: "docs/operations.md#a-destroy-fails",
  },
} as const;

async function perform(act: keyof typeof ACTS, stack: string, options: readonly string[]): Promise<void> {
  await requireReady(stack, "terraform", "npx");
  const { json, synthesized, folder } = await makePlan(stack, { destroy: act === "destroy" });
  process.stdout.write(`\n${asText(review(readPlan(json, ...synthesized)))}\n`);
  // Synthesized by now: what was reviewed is what is applied.
  const output = path.relative(ROOT, path.join(folder, "..", ".."));
  const code = await hand(["--yes", CDKTF_CLI, act, stack, "--skip-synth", "--output", output, ...options]);
  const { after, fails } = ACTS[act];
  if (code !== 0) throw new NotReadyError(`cdktf-cli ended with ${code} and says why above; ${fails}`);
  process.stdout.write(await after(stack, { folder, text: synthesized[0] ?? "" }));
}

/** Hands the terminal over to npx; answers with its exit code. */
function hand(args: readonly string[]): Promise<number> {
  const child = spawn("npx", args, { cwd: ROOT, stdio: "inherit" });
  // Terraform gives its lock back when it is interrupted, and is waited for.
  process.on("SIGINT", () => undefined);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

const program = new Command("npm run");
for (const [act, { says }] of Object.entries(ACTS)) {
  program
    .command(act)
    .usage("-- <stack> [options of cdktf-cli, as --auto-approve]")
    .description(says)
    .argument("[stack]")
    .argument("[options...]")
    .allowUnknownOption()
    .action((stack: string | undefined, options: string[]) =>
      perform(act as keyof typeof ACTS, stack ?? "nothing", options),
    );
}

program.parseAsync().catch((error: unknown) => {
  if (![NotReadyError, SettingsError, UnreadableError].some((known) => error instanceof known)) throw error;
  process.stderr.write(`${process.argv[2]}: ${(error as Error).message}\n`);
  process.exitCode = 1;
});
