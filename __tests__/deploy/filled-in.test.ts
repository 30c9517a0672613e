import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { copyStack } from "./copy";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { region } from "./synthesize";
import { Terraform } from "./terraform";

const TABLE = path.join(__dirname, "aws-double", "filled_in.py");
/** A reference as Terraform writes it. */
const ref = (to: string) => `\${${to}}`;
const container = (more: object) => JSON.stringify([{ name: "app", image: "app", memory: 64, ...more }]);
const task = (family: string, more: object) => ({ family, container_definitions: container(more) });
const drops = (more: object) => ({ linuxParameters: { capabilities: { drop: ["ALL"], ...more } } });

/** A stack that meets each row of the table. */
const STACK = {
  terraform: {
    required_providers: { aws: { source: "aws", version: "5.100.0" } },
    backend: { local: { path: "terraform.tfstate" } },
  },
  provider: { aws: [{ region: region() }] },
  resource: {
    aws_ecs_task_definition: {
      said: task("said", drops({ add: [] })),
      unsaid: task("unsaid", drops({})),
    },
    aws_launch_template: { one: { name: "one", image_id: "ami-12c6146b", instance_type: "t3.micro" } },
    aws_autoscaling_group: {
      one: {
        ...{ name: "one", availability_zones: [`${region()}a`], min_size: 0, max_size: 1 },
        launch_template: { id: ref("aws_launch_template.one.id") },
      },
    },
    aws_autoscaling_policy: {
      one: {
        ...{ name: "one", autoscaling_group_name: ref("aws_autoscaling_group.one.name"), scaling_adjustment: 1 },
        adjustment_type: "ChangeInCapacity",
        cooldown: 300,
      },
    },
  },
};

/** Changes of a plan with all rows: a list of capabilities that is left out comes back empty. */
const WHOLE = ["aws_ecs_task_definition.unsaid"];
/** Changes of a plan with one row taken out. */
const WITHOUT: Readonly<Record<string, readonly string[]>> = {
  "ecs-capabilities": [],
  "scaling-policy-enabled": ["aws_autoscaling_policy.one", ...WHOLE],
};

describeWith(["terraform", "moto_server"], "what AWS fills into its answers", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "filled-in-"));
  const withoutFile = path.join(folder, "without");
  let double: StrictAws;
  let terraform: Terraform;

  beforeAll(async () => {
    double = await startStrictAws({ region: region(), withoutFile });
    const [synthesized, logs] = [path.join(folder, "synthesized"), path.join(folder, "logs")];
    for (const one of [synthesized, logs]) mkdirSync(one);
    writeFileSync(path.join(synthesized, "cdk.tf.json"), JSON.stringify(STACK));
    const source = findProviders(requiredProviders(synthesized));
    terraform = new Terraform({
      folder: copyStack(synthesized, path.join(folder, "stack"), folder),
      logs,
      environment: { ...double.environment, ...terraformVariables(source, path.join(folder, "terraform.rc")) },
      progress: () => {},
    });
    await terraform.init();
    await terraform.keepProvider();
    await terraform.apply("apply");
  }, 300_000);
  afterAll(async () => {
    await terraform?.stop();
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Addresses that a plan changes, when these rows are taken out. */
  async function planWithout(...rows: string[]): Promise<string[]> {
    writeFileSync(withoutFile, rows.join(" "));
    const file = path.join(folder, "plan");
    await terraform.run("plan", ["plan", "-input=false", `-out=${file}`]);
    const { resource_changes } = JSON.parse(await terraform.run("show", ["show", "-json", file]));
    return (resource_changes as { address: string; change: { actions: string[] } }[])
      .filter(({ change }) => change.actions.join() !== "no-op")
      .map(({ address }) => address)
      .sort();
  }

  it("is what a plan compares with", async () => {
    expect(await planWithout()).toEqual(WHOLE);
  }, 120_000);

  it.each(Object.entries(WITHOUT))(
    "changes a plan: without %s",
    async (row, changes) => {
      expect(await planWithout(row)).toEqual([...changes].sort());
    },
    120_000,
  );
});

it("has each row of the table of what AWS fills in here", () => {
  const rows = [...readFileSync(TABLE, "utf8").matchAll(/Row\(\s*"([\w-]+)"/g)].map(([, name]) => name);
  expect(rows.sort()).toEqual(Object.keys(WITHOUT).sort());
});
