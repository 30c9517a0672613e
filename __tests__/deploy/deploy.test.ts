import { existsSync } from "node:fs";
import path from "node:path";
import { type CheckoutAtAws, checkoutAtAws } from "../programs/checkout-at-aws";
import type { Finished } from "../programs/command";
import { installed, installNode } from "../programs/npm-package";
import { describeUnless, describeWith } from "../programs/require";

/** A deploy and a destroy, side by side with others: the provider waits for minutes by itself. */
const LONG_MS = 1_800_000;
const STACK = "session-ec2";
const STATE = "terraform.session-ec2.tfstate";
const PLAN = path.join("cdktf.out", "stacks", STACK, "plan.out");
const npm = (act: string, ...options: string[]) => ["npm", "run", act, "--", STACK, ...options];

/** How a stack was deployed and destroyed by commands of one kind. */
interface Cycle {
  readonly deployed: Finished;
  readonly resources: readonly string[];
  readonly planIsLeft: boolean;
  readonly destroyed: Finished;
  readonly left: readonly string[];
}

async function cycle(node: string, command: (act: string, at: CheckoutAtAws) => readonly string[]): Promise<Cycle> {
  const at = await checkoutAtAws();
  try {
    const deployed = await at.start(command("deploy", at), node).ended;
    const resources = existsSync(path.join(at.folder, STATE)) ? at.inState(STATE) : [];
    const planIsLeft = existsSync(path.join(at.folder, PLAN));
    const destroyed = await at.start(command("destroy", at), node).ended;
    return { deployed, resources, planIsLeft, destroyed, left: at.inState(STATE) };
  } finally {
    await at.aws.stop();
  }
}

describeWith(["terraform", "moto_server"], `npm run deploy and destroy of ${STACK} at a local AWS`, () => {
  const NODES = [20, 22, 24].map((major) => ({ major, ...installNode(major) }));
  const cycles = new Map<number, Promise<Cycle>>();
  beforeAll(async () => {
    for (const { major, commands, missing } of NODES) {
      if (missing === undefined)
        cycles.set(
          major,
          cycle(commands, (act) => npm(act, "--auto-approve")),
        );
    }
    await Promise.allSettled(cycles.values());
  }, LONG_MS);

  for (const { major, missing } of NODES) {
    describeUnless(missing, `on Node.js ${major}`, () => {
      it("shows the plan, applies it with Terraform's own progress, and says what to do next", async () => {
        const { deployed, resources, planIsLeft } = (await cycles.get(major)) as Cycle;
        const { code, stdout, stderr } = deployed;
        expect([code, stderr]).toEqual([
          0,
          expect.stringMatching(/terraform plan: [\d.]+ s\n.*terraform apply: \d+ s\n/s),
        ]);
        expect(stdout).toMatch(
          /session-ec2: \d+ created\n.*aws_vpc\.\S+: Creating\.\.\.\n.*Apply complete! Resources: /s,
        );
        expect(stdout).toMatch(/^url = "http.*"\n\nsession-ec2 is deployed\nnext\n {2}the instance sets itself up/m);
        expect(resources).toContainEqual(expect.stringMatching(/^aws_elasticache_replication_group\./));
        expect(planIsLeft).toBe(false);
      });

      it("destroys what it deployed", async () => {
        const { destroyed, left } = (await cycles.get(major)) as Cycle;
        expect([destroyed.code, left]).toEqual([0, []]);
        expect(destroyed.stdout).toMatch(/LOSES SESSIONS\n.*Apply complete! .* destroyed\..*session-ec2 is destroyed/s);
      });
    });
  }
});

describeWith(["terraform", "moto_server"], `the CLIs, deploying and destroying ${STACK} at a local AWS`, () => {
  const cli = (spec: string, command: string, majors: readonly number[]) =>
    majors.map((major) => ({ name: `${spec} on Node.js ${major}`, spec, command, major }));
  const CLIS = [...cli("cdktf-cli@0.21.0", "cdktf", [20, 22]), ...cli("cdktn-cli@0.24.0", "cdktn", [24])].map((one) => {
    const [node, program] = [installNode(one.major), installed(one.spec)];
    return { ...one, node: node.commands, program: program.commands, missing: node.missing ?? program.missing };
  });
  const cycles = new Map<string, Promise<Cycle>>();
  beforeAll(async () => {
    for (const { name, node, program, command, missing } of CLIS) {
      if (missing !== undefined) continue;
      // It asks the registry, even where Terraform has a mirror.
      const lock = (act: string, at: CheckoutAtAws) =>
        at.hasMirror && act === "deploy" ? ["--skip-provider-lock"] : [];
      const run = (act: string, at: CheckoutAtAws) => [
        path.join(program, command),
        act,
        STACK,
        "--auto-approve",
        ...lock(act, at),
      ];
      cycles.set(name, cycle(node, run));
    }
    await Promise.allSettled(cycles.values());
  }, LONG_MS);

  for (const { name, missing } of CLIS) {
    describeUnless(missing, name, () => {
      it("keeps the state where npm run deploy keeps it", async () => {
        const { deployed, resources, destroyed, left } = (await cycles.get(name)) as Cycle;
        expect([deployed.code, destroyed.code, left]).toEqual([0, 0, []]);
        expect(resources).toContainEqual(expect.stringMatching(/^aws_elasticache_replication_group\./));
      });
    });
  }
});
