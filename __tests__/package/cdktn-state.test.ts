import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { copyStack } from "../deploy/copy";
import { type CheckoutAtAws, checkoutAtAws } from "../programs/checkout-at-aws";
import type { Finished } from "../programs/command";
import { installNode } from "../programs/npm-package";
import { describeUnless, missing } from "../programs/require";
import { programOnFork, stackFile, synthesizeStacks } from "./fork";
import { packForCdktn } from "./project";

/** A deploy on a busy machine: the provider waits for minutes by itself. */
const LONG_MS = 1_200_000;
const STACK = "session-ec2";
const STATE = `terraform.${STACK}.tfstate`;

const node22 = installNode(22);

describeUnless(node22.missing ?? missing(["terraform", "moto_server"]), "a stack whose program moves to cdktn", () => {
  let at: CheckoutAtAws;
  let fork: string;
  beforeAll(async () => {
    packForCdktn();
    fork = programOnFork();
    at = await checkoutAtAws();
  }, LONG_MS);
  afterAll(async () => {
    await at.aws.stop();
    rmSync(fork, { recursive: true, force: true });
  });

  /** The fork's JSON over the state in the checkout, planned by the provider of cdktf's bindings. */
  function forkOverState(name: string): string {
    synthesizeStacks(fork, [STACK], path.join(node22.commands, "node"));
    const { terraform } = JSON.parse(readFileSync(stackFile(at.folder, STACK), "utf8"));
    const file = stackFile(fork, STACK);
    const json = JSON.parse(readFileSync(file, "utf8"));
    // No bindings of the fork are for provider 5: its providers are the one thing that a plan over this state cannot keep.
    json.terraform.required_providers = terraform.required_providers;
    writeFileSync(file, JSON.stringify(json));
    return copyStack(path.dirname(file), path.join(at.folder, name), at.folder, STATE, true);
  }
  const terraform = (folder: string, ...command: string[]): Promise<Finished> =>
    at.start(["terraform", `-chdir=${folder}`, ...command]).ended;
  const tag = (folder: string): void => {
    const file = path.join(folder, "cdktf.json");
    const json = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...json, context: { ...json.context, tags: { Team: "shop" } } }));
  };
  const succeeded = { code: 0, stderr: "" };

  it(
    "is valid there, keeps its addresses and plans nothing",
    async () => {
      expect(await at.start(["npm", "run", "deploy", "--", STACK, "--auto-approve"]).ended).toMatchObject({ code: 0 });
      const folder = forkOverState("moved");
      expect(await terraform(folder, "init", "-input=false")).toMatchObject(succeeded);
      expect(await terraform(folder, "validate")).toMatchObject(succeeded);
      const plan = await terraform(folder, "plan", "-input=false", "-detailed-exitcode");
      expect([plan.code, plan.stdout + plan.stderr]).toEqual([0, expect.stringContaining("No changes.")]);
    },
    LONG_MS,
  );

  it(
    "goes back to cdktf after an apply by the fork",
    async () => {
      tag(fork);
      tag(at.folder);
      const folder = forkOverState("edited");
      expect(await terraform(folder, "init", "-input=false")).toMatchObject(succeeded);
      const applied = await terraform(folder, "apply", "-input=false", "-auto-approve");
      expect(applied.stdout).toMatch(/Apply complete! Resources: 0 added, [1-9]\d* changed, 0 destroyed/);
      const back = await at.start(["npm", "run", "plan", "--", STACK, "--fail-on", "any"]).ended;
      expect(back).toMatchObject({ code: 0, stdout: expect.stringContaining("nothing changes") });
    },
    LONG_MS,
  );
});
