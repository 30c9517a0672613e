import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { Network } from "../../modules/network";
import { RedisCluster } from "../../modules/redis";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { copyStack } from "./copy";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { region } from "./synthesize";
import { Terraform } from "./terraform";
import { makeNetworkAndCache } from "./there-already";

const ID = "cache";

// No setting names a user of the cache: by edits of a stack's settings alone, none is ever renamed.
describeWith(["terraform", "moto_server", "aws"], "users of a cache that is deployed", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "users-"));
  let double: StrictAws;
  let network: object;
  let terraform: Terraform;

  beforeAll(async () => {
    double = await startStrictAws({ region: region() });
    network = (await makeNetworkAndCache(double)).existingNetwork as object;
  }, 300_000);
  afterAll(async () => {
    await terraform?.destroy("destroy");
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 600_000);

  /** Applies a cache with these users beside the app's, and expects nothing to be left to do. */
  async function apply(step: string, users: readonly string[]): Promise<void> {
    const outdir = path.join(folder, step);
    const app = new App({ outdir });
    const stack = new TerraformStack(app, ID);
    new AwsProvider(stack, "aws", { region: region() });
    new LocalBackend(stack, { path: "users.tfstate" });
    const cache = new RedisCluster(stack, "redis", {
      network: Network.fromExisting(stack, "network", network as never),
    });
    for (const user of users) cache.addUser(user, () => "on ~photo:* -@all +get");
    app.synth();
    const synthesized = path.join(outdir, "stacks", ID);
    const source = findProviders(requiredProviders(synthesized));
    const logs = path.join(folder, "logs");
    mkdirSync(logs, { recursive: true });
    const variables = terraformVariables(source, path.join(folder, "terraform.rc"));
    terraform = new Terraform({
      folder: copyStack(synthesized, path.join(folder, "stack"), folder),
      logs,
      environment: { ...double.environment, ...variables },
      progress: () => {},
    });
    await terraform.init();
    await terraform.apply(`apply-${step}`);
    await terraform.planNothing(`plan-${step}`);
  }

  it("are dropped and added by one edit: the group first lets go of who is then deleted", async () => {
    await apply("before", ["old"]);
    await apply("after", ["new"]);
    const [group] = (await double.aws("elasticache", "describe-user-groups")).UserGroups;
    expect(group.UserIds.sort()).toEqual(["cache-redis-app", "cache-redis-new", "cache-redis-nobody"]);
  }, 600_000);
});
