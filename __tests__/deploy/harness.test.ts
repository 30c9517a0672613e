import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeWith } from "../programs/require";
import { copyPlansTheSame, copyStack } from "./copy";
import { listKinds } from "./planned-changes";
import { findProviders, howToInstall, requiredProviders, terraformVariables } from "./provider";
import { Semaphore } from "./semaphore";
import { Terraform } from "./terraform";

const AWS = { source: "hashicorp/aws", version: "5.100.0" };
const NOWHERE = { source: "nobody/nothing", version: "1.0.0" };

const folder = mkdtempSync(path.join(os.tmpdir(), "harness-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function mirror(name: string, ...place: string[]): string {
  const root = path.join(folder, name);
  mkdirSync(path.join(root, "registry.terraform.io", ...place), { recursive: true });
  return root;
}

const system = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

describe("where the provider comes from", () => {
  it("is Terraform's own configuration, when that says where", () => {
    const file = path.join(folder, "own.tfrc");
    writeFileSync(file, "provider_installation {\n  direct {}\n}\n");
    const found = findProviders([NOWHERE], { TF_CLI_CONFIG_FILE: file });
    expect(found).toEqual({ what: "Terraform's own configuration", folder: file });
    expect(terraformVariables(found, "unused")).toEqual({ TF_CLI_CONFIG_FILE: file });
  });

  it("is the plugin cache, or an implied mirror, when it holds all that is required", () => {
    const cache = mirror("cache", "hashicorp", "aws", "5.100.0", system);
    const env = { TF_CLI_CONFIG_FILE: path.join(folder, "none"), TF_PLUGIN_CACHE_DIR: cache };
    expect(findProviders([AWS], env)).toEqual({ what: "mirror", folder: cache });
    const data = path.join(folder, "data");
    mirror(path.join("data", "terraform", "plugins"), "hashicorp", "aws", "5.100.0", system);
    const implied = { TF_CLI_CONFIG_FILE: path.join(folder, "none"), XDG_DATA_HOME: data };
    expect(findProviders([AWS], implied)).toEqual({ what: "mirror", folder: path.join(data, "terraform", "plugins") });
  });

  it("is the registry otherwise, and says what to install when that does not answer", () => {
    const env = { TF_CLI_CONFIG_FILE: path.join(folder, "none") };
    expect(findProviders([NOWHERE], env)).toEqual({ what: "registry" });
    expect(howToInstall([NOWHERE])).toMatch(
      /missing: Terraform provider nobody\/nothing 1\.0\.0 for .*providers mirror/,
    );
  });
});

describe("a copy of a stack", () => {
  it("holds its JSON and assets, and keeps its state where it is told", () => {
    const stack = path.join(folder, "stack");
    mkdirSync(path.join(stack, "assets"), { recursive: true });
    const json = { terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } } } };
    writeFileSync(path.join(stack, "cdk.tf.json"), JSON.stringify(json));
    writeFileSync(path.join(stack, "terraform.tfstate"), "{}");
    const copy = copyStack(stack, path.join(folder, "copy"), folder);
    expect(readdirSync(copy).sort()).toEqual(["assets", "cdk.tf.json", "double_override.tf.json"]);
    const override = JSON.parse(readFileSync(path.join(copy, "double_override.tf.json"), "utf8"));
    expect(override.terraform.backend.local.path).toBe(path.join(folder, "terraform.tfstate"));
    expect(requiredProviders(copy)).toEqual([AWS]);
  });

  it("is refused of a folder that is no stack, or is not there", () => {
    const missing = path.join(folder, "missing");
    expect(() => copyStack(missing, path.join(folder, "never"), folder)).toThrow(/missing: got no cdk\.tf\.json/);
    expect(() => copyStack(folder, path.join(folder, "never"), folder)).toThrow("got no cdk.tf.json");
  });
});

it("names planned changes by their kind, each once", () => {
  const change = { sign: "+", type: "subnet", because: [] } as const;
  const changes = [
    { ...change, address: "aws_subnet.b" },
    { ...change, address: "aws_subnet.a" },
  ];
  expect(listKinds(changes)).toEqual(["+ subnet"]);
});

it("runs as many at a time as it may, and starts the others after those succeed or fail", async () => {
  const semaphore = new Semaphore(2);
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const steps = [0, 1, 2, 3].map((step) =>
    semaphore.run(() => {
      began.push(step);
      return new Promise<void>((resolve, reject) =>
        ends.push(step === 0 ? () => reject(new Error("failed")) : resolve),
      );
    }),
  );
  expect(began).toEqual([0, 1]);
  ends[0]?.();
  await expect(steps[0]).rejects.toThrow("failed");
  expect(began).toEqual([0, 1, 2]);
  ends[1]?.();
  await steps[1];
  expect(began).toEqual([0, 1, 2, 3]);
  for (const end of ends) end();
  await Promise.all(steps.slice(1));
});

describeWith(["terraform"], "a copy of an applied stack", () => {
  const work = path.join(folder, "applied");
  const synthesized = path.join(work, "synthesized");
  let terraform: Terraform;

  /** A stack that holds the content of a file, by the path given. */
  function write(file: string): void {
    const json = {
      terraform: { required_providers: { aws: { source: "aws", version: "5.100.0" } } },
      resource: { terraform_data: { it: { input: `\${file("${file}")}` } } },
    };
    writeFileSync(path.join(synthesized, "cdk.tf.json"), JSON.stringify(json));
  }

  beforeAll(async () => {
    mkdirSync(path.join(synthesized, "assets"), { recursive: true });
    mkdirSync(path.join(work, "logs"));
    writeFileSync(path.join(synthesized, "assets", "file"), "content");
    write("assets/file");
    const variables = terraformVariables(findProviders([AWS]), path.join(work, "terraform.rc"));
    terraform = new Terraform({
      folder: copyStack(synthesized, path.join(work, "stack"), work),
      logs: path.join(work, "logs"),
      environment: { ...process.env, ...variables, CHECKPOINT_DISABLE: "1" },
      progress: () => {},
    });
    await terraform.init();
    await terraform.apply("apply");
  }, 120_000);

  it("plans the same, with its assets", async () => {
    await copyPlansTheSame({ synthesized, terraform, work });
  }, 120_000);

  it("plans by the provider that it keeps, and without it by what init installed", async () => {
    const [installed, away] = ["providers", "away"].map((name) => path.join(terraform.folder, ".terraform", name));
    await terraform.keepProvider();
    renameSync(installed as string, away as string);
    await terraform.planNothing("kept").finally(() => terraform.stop());
    await expect(terraform.planNothing("none")).rejects.toThrow(/plugins are not installed/);
    renameSync(away as string, installed as string);
  }, 120_000);

  it("fails when it says something else", async () => {
    writeFileSync(path.join(synthesized, "assets", "file"), "another content");
    await expect(copyPlansTheSame({ synthesized, terraform, work })).rejects.toThrow("the plan is not empty");
  }, 120_000);

  it("fails when it names a file beside the folder it was synthesized in", async () => {
    write("stack/assets/file");
    await expect(copyPlansTheSame({ synthesized, terraform, work })).rejects.toThrow("no file exists");
  }, 120_000);
});
