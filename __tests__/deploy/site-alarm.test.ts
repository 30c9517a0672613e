import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Construct } from "constructs";
import { MissingData, Monitoring } from "../../modules/alarms";
import { describeWith } from "../programs/require";
import { type Synthesized, synthesize } from "../synthesized";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { copyStack } from "./copy";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { region } from "./synthesize";
import { Terraform } from "./terraform";

const metric = { namespace: "n", name: "m", dimensions: {}, statistic: "Sum" } as const;
const alarm = { metric, threshold: 1, missingData: MissingData.BREACHING, description: "d" };

const withAlarms = (...ids: string[]): Synthesized =>
  synthesize((stack) => {
    const monitoring = new Monitoring(stack, "monitoring", { region: region(), dashboard: false });
    for (const id of ids) monitoring.alarm(new Construct(stack, id), "alarm", alarm);
  });

describeWith(["terraform", "moto_server", "aws"], "the composite alarm of a stack, applied", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "site-alarm-"));
  let double: StrictAws;

  beforeAll(async () => {
    double = await startStrictAws({ region: region() });
  }, 300_000);
  afterAll(async () => {
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Applies one version of the stack after another over the same state. */
  async function applyInTurn(name: string, versions: readonly string[]): Promise<void> {
    const work = path.join(folder, name);
    const [logs, synthesized] = [path.join(work, "logs"), path.join(work, "synthesized")];
    for (const one of [logs, synthesized]) mkdirSync(one, { recursive: true });
    for (const text of versions) {
      writeFileSync(path.join(synthesized, "cdk.tf.json"), text);
      const terraform = new Terraform({
        folder: copyStack(synthesized, path.join(work, "stack"), work),
        logs,
        environment: {
          ...double.environment,
          ...terraformVariables(findProviders(requiredProviders(synthesized)), path.join(work, "terraform.rc")),
        },
        progress: () => {},
      });
      await terraform.init();
      await terraform.run("apply", ["apply", "-auto-approve", "-input=false"]);
    }
  }

  it("lets alarms come and go", async () => {
    await applyInTurn("replaced", [withAlarms("a", "b").text, withAlarms("a").text, withAlarms("a", "c").text]);
    const { CompositeAlarms } = await double.aws("cloudwatch", "describe-alarms", "--alarm-types", "CompositeAlarm");
    expect(CompositeAlarms).toEqual([
      expect.objectContaining({ AlarmRule: 'ALARM("session-test-a-alarm") OR ALARM("session-test-c-alarm")' }),
    ]);
  }, 240_000);

  it("would have an alarm's deletion refused if its name stayed", async () => {
    const named = (stack: Synthesized) => stack.text.replace(/(-site)-[0-9a-f]{8}"/, '$1-kept"');
    const versions = [withAlarms("d", "e"), withAlarms("d")].map(named);
    await expect(applyInTurn("kept", versions)).rejects.toThrow(/composite\s+alarm\(s\)\s+depending/);
  }, 240_000);
});
