import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { zipSync } from "fflate";
import { describeWith } from "../programs/require";
import { words } from "./aws-double/fixtures";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { copyStack } from "./copy";
import { HABITS, SHORT, UNSAID } from "./filled-in-habits";
import { filledInStack } from "./filled-in-stack";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { region } from "./synthesize";
import { Terraform } from "./terraform";
import { makeCertificate } from "./there-already";

const TABLES = ["filled_in_json.py", "filled_in_xml.py"].map((file) => path.join(__dirname, "aws-double", file));
const LONG_MS = 900_000;

/** Addresses that a plan changes with all rows. */
const WHOLE = [UNSAID, SHORT];
const COMPARED = Object.entries(HABITS).flatMap(([row, { changes, noLongerChanges }]) => {
  if (changes === undefined && noLongerChanges === undefined) return [];
  return [{ row, planned: [...WHOLE, ...(changes ?? [])].filter((address) => address !== noLongerChanges).sort() }];
});
const EVENED_OUT = Object.keys(HABITS).filter((name) => COMPARED.every(({ row }) => row !== name));

describeWith(["terraform", "moto_server", "aws"], "what AWS fills into its answers", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "filled-in-"));
  const withoutFile = path.join(folder, "without");
  let double: StrictAws;
  let terraform: Terraform;
  let ids: Readonly<Record<string, string>>;

  beforeAll(async () => {
    double = await startStrictAws({ region: region(), withoutFile });
    const [synthesized, logs] = [path.join(folder, "synthesized"), path.join(folder, "logs")];
    for (const one of [path.join(synthesized, "assets"), logs]) mkdirSync(one, { recursive: true });
    const stack = filledInStack(await makeCertificate(double));
    writeFileSync(path.join(synthesized, "cdk.tf.json"), JSON.stringify(stack));
    const code = zipSync({ "one.js": Buffer.from("exports.handler = async () => 1;\n") });
    writeFileSync(path.join(synthesized, "assets", "one.zip"), code);
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
    ids = await readIds();
  }, LONG_MS);
  afterAll(async () => {
    await terraform?.stop();
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function readIds(): Promise<Record<string, string>> {
    const { values } = JSON.parse(await terraform.run("show-state", ["show", "-json"]));
    const resources: { address: string; values: { id: string } }[] = values.root_module.resources;
    const id = (address: string) => resources.find((one) => one.address === address)?.values.id ?? "";
    return {
      api: id("aws_apigatewayv2_api.one"),
      integration: id("aws_apigatewayv2_integration.one"),
      route: id("aws_apigatewayv2_route.one"),
      instance: id("aws_instance.one"),
      security: id("aws_security_group.one"),
      endpoint: id("aws_vpc_endpoint.one"),
      listener: id("aws_lb_listener.one"),
      balancer: id("aws_lb.one"),
      group: id("aws_lb_target_group.one"),
    };
  }

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

  /** Answers to callers, by row. */
  async function askAll(): Promise<Record<string, unknown>> {
    const answers: Record<string, unknown> = {};
    for (const [row, { ask, query }] of Object.entries(HABITS)) {
      const command = words(ask).map((word) => word.replace(/<(\w+)>/, (_, name: string) => ids[name] ?? name));
      answers[row] = await double.aws(...command, "--query", query);
    }
    return answers;
  }

  const habits = Object.fromEntries(Object.entries(HABITS).map(([row, { answer }]) => [row, answer]));

  it(
    "is what callers get",
    async () => {
      writeFileSync(withoutFile, "");
      expect(await askAll()).toEqual(habits);
    },
    LONG_MS,
  );

  it(
    "is not what they get without its row",
    async () => {
      writeFileSync(withoutFile, Object.keys(HABITS).join(" "));
      const same = Object.entries(await askAll()).filter(([row, answer]) => {
        return JSON.stringify(answer) === JSON.stringify(HABITS[row]?.answer);
      });
      expect(same).toEqual([]);
    },
    LONG_MS,
  );

  it(
    "changes no plan of arguments that are written as AWS answers",
    async () => {
      expect(await planWithout()).toEqual(WHOLE);
    },
    LONG_MS,
  );

  it(
    "is evened out by Terraform's provider, but for the rows below",
    async () => {
      expect(await planWithout(...EVENED_OUT)).toEqual(WHOLE);
    },
    LONG_MS,
  );

  it.each(COMPARED)(
    "changes a plan: without $row",
    async ({ row, planned }) => {
      expect(await planWithout(row)).toEqual(planned);
    },
    LONG_MS,
  );
});

it("has each row of the table of what AWS fills in here", () => {
  const rows = TABLES.flatMap((table) => [...readFileSync(table, "utf8").matchAll(/Row\(\s*"([\w-]+)"/g)]);
  expect(rows.map(([, name]) => name).sort()).toEqual(Object.keys(HABITS).sort());
});
