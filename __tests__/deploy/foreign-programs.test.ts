import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PROGRAMS } from "../foreign-programs";
import { type SynthesizedProgram, synthesizeProgram } from "../foreign-programs/synthesize";
import { twoStacks } from "../foreign-programs/two-stacks";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { Terraform } from "./terraform";

const REGION = "ap-northeast-1";
const LONG_MS = 900_000;

/** Terraform in a folder, with a provider that is on this machine. */
function terraformIn(folder: string, stackFolder: string, environment: NodeJS.ProcessEnv): Terraform {
  const logs = path.join(folder, "logs");
  mkdirSync(logs, { recursive: true });
  const source = findProviders(requiredProviders(stackFolder));
  const variables = terraformVariables(source, path.join(folder, "terraform.rc"));
  return new Terraform({ folder, logs, environment: { ...environment, ...variables }, progress: () => {} });
}

describeWith(["terraform"], "programs as users write them", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "programs-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // One folder, one init and one validation: each stack is a module of the same root.
  it(
    "are valid to Terraform and its provider",
    async () => {
      const modules: Record<string, { source: string }> = {};
      for (const [name, program] of Object.entries(PROGRAMS)) {
        const { outdir, stacks } = synthesizeProgram(program);
        for (const id of Object.keys(stacks)) {
          const key = `${name} ${id}`.replaceAll(" ", "-");
          cpSync(path.join(outdir, "stacks", id), path.join(folder, key), { recursive: true });
          modules[key] = { source: `./${key}` };
        }
      }
      writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ module: modules }));
      const [first = ""] = Object.keys(modules);
      const terraform = terraformIn(folder, path.join(folder, first), process.env);
      await terraform.run("init", ["init", "-input=false", "-backend=false"]);
      const { valid, diagnostics } = JSON.parse(await terraform.run("validate", ["validate", "-json"]));
      const errors = diagnostics.filter(({ severity }: { severity: string }) => severity === "error");
      expect({ valid, errors }).toEqual({ valid: true, errors: [] });
    },
    LONG_MS,
  );
});

describeWith(["terraform", "moto_server", "aws"], "a program of two stacks", () => {
  let double: StrictAws;
  let program: SynthesizedProgram;
  const states = mkdtempSync(path.join(os.tmpdir(), "states-"));
  beforeAll(async () => {
    double = await startStrictAws({ region: REGION });
    program = synthesizeProgram((app) => twoStacks(app, states));
  }, LONG_MS);
  afterAll(async () => {
    await double?.stop();
    rmSync(states, { recursive: true, force: true });
  });

  const stack = (id: string) => {
    const folder = path.join(program.outdir, "stacks", id);
    writeFileSync(path.join(folder, "double_override.tf.json"), '{"provider":{"aws":[{"max_retries":2}]}}');
    return terraformIn(folder, folder, double.environment);
  };

  it(
    "is deployed one after the other and taken down the other way round",
    async () => {
      const [base, web] = [stack("base"), stack("web")];
      await base.init();
      await base.apply("apply");
      await web.init();
      await web.apply("apply");
      await web.planNothing("plan");
      await base.planNothing("plan");
      const [group] = (await double.aws("elasticache", "describe-replication-groups")).ReplicationGroups;
      const userData = JSON.stringify(await web.run("show", ["show", "-json"]));
      expect(userData).toContain(group.NodeGroups[0].PrimaryEndpoint.Address);
      await web.destroy("destroy");
      await base.destroy("destroy");
    },
    LONG_MS,
  );
});
