import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { copyStack } from "./copy";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { region, synthesize } from "./synthesize";
import { Terraform } from "./terraform";

const GATEWAY = "aws_nat_gateway";

// Terraform creates independent resources in any order. Applying one resource by itself shows its dependencies.
describeWith(
  ["terraform", "moto_server", "aws"],
  "a NAT gateway, applied with what it depends on and nothing else",
  () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), "order-"));
    let double: StrictAws;
    let synthesized: string;
    let address: string;

    beforeAll(async () => {
      double = await startStrictAws({ region: region() });
      const outdir = path.join(folder, "synth");
      ({ folder: synthesized } = await synthesize("session-lambda", { settings: {}, outdir, cwd: folder }));
      address = `${GATEWAY}.${Object.keys(read().resource[GATEWAY])[0]}`;
    }, 300_000);
    afterAll(async () => {
      await double?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    // biome-ignore lint/suspicious/noExplicitAny: a whole stack
    const read = (): any => JSON.parse(readFileSync(path.join(synthesized, "cdk.tf.json"), "utf8"));

    /** Applies the gateway of a stack that is kept in a folder of its own. */
    async function applyGateway(name: string): Promise<string> {
      const work = path.join(folder, name);
      const logs = path.join(work, "logs");
      mkdirSync(logs, { recursive: true });
      const source = findProviders(requiredProviders(synthesized));
      const terraform = new Terraform({
        folder: copyStack(synthesized, path.join(work, "stack"), work),
        logs,
        environment: { ...double.environment, ...terraformVariables(source, path.join(work, "terraform.rc")) },
        progress: () => {},
      });
      await terraform.init();
      return terraform.run("apply", ["apply", "-auto-approve", "-input=false", `-target=${address}`]);
    }

    it("brings the VPC's way out with it", async () => {
      expect(await applyGateway("whole")).toContain("Apply complete!");
    }, 240_000);

    it("is refused when nothing says that it needs one", async () => {
      const stack = read();
      for (const type of [GATEWAY, "aws_eip"]) {
        for (const block of Object.values<Record<string, unknown>>(stack.resource[type])) delete block.depends_on;
      }
      writeFileSync(path.join(synthesized, "cdk.tf.json"), JSON.stringify(stack));
      await expect(applyGateway("without")).rejects.toThrow("Gateway.NotAttached");
    }, 240_000);
  },
);
