import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { requireSavedState } from "../../../cli/terraform/unsaved-state";
import { findWayOut } from "../../../cli/terraform/ways-out";
import { findProviders, terraformVariables } from "../../deploy/provider";
import { until } from "../../harness/poll";
import { describeUnless, describeWith, missing } from "../../programs/require";

// A folder that no deployment of this checkout has: the way out of an unsaved state depends on the files in it.
const FOLDER = "cdktf.out/stacks/not-synthesized";
const LONG_MS = 120_000;
const AWS = { source: "hashicorp/aws", version: "5.100.0" };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
function makeRoot(json: object): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "root-"));
  folders.push(folder);
  writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify(json));
  return folder;
}
const DATA = { resource: { terraform_data: { r: { input: "x".repeat(9000) } } } };

/** Runs Terraform, which fails. @returns its standard error. */
function failTerraform(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  const { status, stderr } = spawnSync("terraform", args, {
    cwd,
    env: { ...process.env, ...env },
    encoding: "utf8",
    timeout: LONG_MS,
  });
  expect(status).toBe(1);
  return stderr;
}

describeWith(["terraform"], "a failure of Terraform has its way out", () => {
  it(
    "where another one has the lock",
    async () => {
      const folder = makeRoot(DATA);
      execFileSync("terraform", ["init"], { cwd: folder, stdio: "ignore" });
      const holder = spawn("terraform", ["apply", "-no-color"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
      await until(() => existsSync(path.join(folder, ".terraform.tfstate.lock.info")), "the lock");
      const said = failTerraform(folder, ["plan", "-input=false"]);
      holder.stdin.end("no\n");
      await once(holder, "close");
      expect(findWayOut(said, FOLDER)).toMatch(
        /^the state is locked by another command .*; if there is none, terraform -chdir=cdktf\.out\/stacks\/not-synthesized force-unlock [\da-f-]{36}$/,
      );
    },
    LONG_MS,
  );

  it(
    "where the state can't be saved: it is in a file that no plan passes over",
    () => {
      // The folder of the state becomes a file while the resource is created.
      const backend = { local: { path: "place/terraform.tfstate" } };
      const provisioner = [{ "local-exec": { command: "rm -rf place && touch place" } }];
      const resource = { terraform_data: { r: { provisioner } } };
      const folder = makeRoot({ terraform: { backend }, resource });
      execFileSync("terraform", ["init"], { cwd: folder, stdio: "ignore" });
      const said = failTerraform(folder, ["apply", "-auto-approve", "-lock=false"]);
      expect(findWayOut(said, FOLDER)).toBe(
        `the state could not be saved and is in ${FOLDER}/errored.tfstate: terraform -chdir=${FOLDER} state push errored.tfstate, then delete that file; deploy nothing before`,
      );
      expect(() => requireSavedState({ folder })).toThrow(
        /errored\.tfstate: the last apply could not save its state; deploy nothing from it: terraform -chdir=\S+ state push errored\.tfstate, then delete/,
      );
      writeFileSync(path.join(folder, "errored.tfstate"), "");
      expect(() => requireSavedState({ folder })).toThrow(
        /got an empty file, takes a Terraform state; deploy nothing from it: free space .* from the first \{ to the last \}, as \S+errored\.tfstate, then /,
      );
      rmSync(path.join(folder, "errored.tfstate"));
      expect(() => requireSavedState({ folder })).not.toThrow();
    },
    LONG_MS,
  );
});

const source = findProviders([AWS]);
// From the registry it is 700 MB, for one test.
const noProvider =
  source.what === "registry" ? `needs ${AWS.source} ${AWS.version} in a mirror or plugin cache` : undefined;

describeUnless(missing(["terraform"]) ?? noProvider, "a failure of the provider has its way out", () => {
  it(
    "where the folder is of another version, and where credentials expire in the middle",
    async () => {
      const required = { required_providers: { aws: AWS } };
      const provider = { aws: [{ region: "ap-northeast-1", max_retries: 1 }] };
      const folder = makeRoot({
        terraform: required,
        provider,
        resource: { aws_vpc: { v: { cidr_block: "10.0.0.0/16" } } },
      });
      const variables = terraformVariables(source, path.join(folder, "terraform.rc"));
      const lock = path.join(folder, ".terraform.lock.hcl");
      const older = `version = "5.90.0"\n  constraints = "5.90.0"\n  hashes = ["h1:AAAA"]`;
      writeFileSync(lock, `provider "registry.terraform.io/hashicorp/aws" {\n  ${older}\n}\n`);
      const said = failTerraform(folder, ["init", "-input=false"], variables);
      expect(findWayOut(said, FOLDER)).toBe(
        `the folder is of another version of this project: terraform -chdir=${FOLDER} init -upgrade -reconfigure, and run the command again`,
      );
      rmSync(lock);
      execFileSync("terraform", ["init"], { cwd: folder, stdio: "ignore", env: { ...process.env, ...variables } });

      const server = createServer((request, response) => {
        response.writeHead(403, { "content-type": "text/xml" });
        response.end(
          "<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error></ErrorResponse>",
        );
        request.resume();
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const credentials = {
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_EC2_METADATA_DISABLED: "true",
      };
      const env = { ...process.env, ...variables, ...credentials, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
      const plan = spawn("terraform", ["plan", "-input=false"], {
        cwd: folder,
        env,
        stdio: ["ignore", "ignore", "pipe"],
      });
      let stderr = "";
      plan.stderr.setEncoding("utf8").on("data", (text) => {
        stderr += text;
      });
      await once(plan, "close");
      server.close();
      expect(findWayOut(stderr, FOLDER)).toMatch(
        /^AWS refuses the credentials, .*: log in again .*; it goes on from the state$/,
      );
    },
    LONG_MS,
  );
});
