import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { adviseStack } from "../../cli/doctor/advice";
import { examineCompleteness, examineTainted } from "../../cli/doctor/stack";
import { readPlan } from "../../cli/plan/read-plan";
import { review } from "../../cli/plan/review";
import { asText } from "../../cli/plan/text";
import { removeImports, writeImports } from "../../cli/terraform/import-existing";
import { readState, type State } from "../../cli/terraform/state";
import { describeWith } from "../programs/require";
import { type StrictAws, startStrictAws } from "./aws-double/start";
import { findProviders, requiredProviders, terraformVariables } from "./provider";
import { Terraform } from "./terraform";

const REGION = "ap-northeast-1";
const LONG_MS = 900_000;
const tags = (Name: string) => ({ Name });

const ref = (attribute: string) => ["${", attribute, "}"].join("");

/** Types that are found at AWS by their name or their tag, as far as they need no image or archive. */
const RESOURCES = {
  aws_vpc: { v: { cidr_block: "10.0.0.0/16", tags: tags("o-network") } },
  aws_eip: { e: { domain: "vpc", tags: tags("o-address") } },
  aws_elasticache_subnet_group: {
    g: { name: "o-redis", subnet_ids: [ref("aws_subnet.a.id"), ref("aws_subnet.c.id")] },
  },
  aws_elasticache_parameter_group: { p: { name: "o-redis7", family: "redis7" } },
  aws_elasticache_replication_group: {
    r: {
      replication_group_id: "o-redis",
      description: "d",
      engine_version: "7.1",
      node_type: "cache.t4g.small",
      num_cache_clusters: 2,
      automatic_failover_enabled: true,
      parameter_group_name: ref("aws_elasticache_parameter_group.p.name"),
      subnet_group_name: ref("aws_elasticache_subnet_group.g.name"),
    },
  },
  aws_elasticache_user: {
    u: {
      user_id: "o-app",
      user_name: "o-app",
      engine: "redis",
      access_string: "on ~* +@all",
      authentication_mode: { type: "iam" },
    },
  },
  aws_security_group: { s: { name_prefix: "o-web-", vpc_id: ref("aws_vpc.v.id"), tags: tags("o-web-group") } },
  aws_route_table: { d: { vpc_id: ref("aws_vpc.v.id"), tags: tags("o-private") } },
  aws_internet_gateway: { n: { vpc_id: ref("aws_vpc.v.id"), tags: tags("o-gateway") } },
  aws_vpc_endpoint: {
    x: { vpc_id: ref("aws_vpc.v.id"), service_name: `com.amazonaws.${REGION}.s3`, tags: tags("o-s3") },
  },
  aws_s3_bucket: { b: { bucket_prefix: "o-artifacts-", tags: tags("o-artifacts") } },
  aws_secretsmanager_secret: { k: { name_prefix: "o-key-", tags: tags("o-key") } },
  aws_lb_target_group: {
    w: { name_prefix: "o-", port: 5000, protocol: "HTTP", vpc_id: ref("aws_vpc.v.id"), tags: tags("o-target") },
  },
  aws_apigatewayv2_api: { h: { name: "o-api", protocol_type: "HTTP" } },
  aws_ecs_cluster: { c: { name: "o-web" } },
  aws_ecr_repository: { i: { name: "o-images" } },
  aws_cloudwatch_log_group: { l: { name: "/o/logs" } },
  aws_dynamodb_table: {
    t: { name: "o-photo", billing_mode: "PAY_PER_REQUEST", hash_key: "id", attribute: [{ name: "id", type: "S" }] },
  },
};
const ORPHANS = Object.entries(RESOURCES).map(([type, named]) => `${type}.${Object.keys(named)[0]}`);
const SUBNETS = {
  a: { vpc_id: ref("aws_vpc.v.id"), availability_zone: `${REGION}a`, cidr_block: "10.0.1.0/24" },
  c: { vpc_id: ref("aws_vpc.v.id"), availability_zone: `${REGION}c`, cidr_block: "10.0.2.0/24" },
};

const own = { ...process.env };

describeWith(["terraform", "moto_server", "aws"], "resources that Terraform created and did not write down", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "orphans-"));
  const text = JSON.stringify({
    terraform: {
      required_providers: { aws: { source: "aws", version: "5.100.0" } },
      backend: { local: { path: "terraform.tfstate" } },
    },
    provider: { aws: [{ region: REGION }] },
    resource: { ...RESOURCES, aws_subnet: SUBNETS },
  });
  const stack = { id: "session-ec2", folder, text, warnings: [] };
  let double: StrictAws;
  let terraform: Terraform;
  const state = async () => (await readState(stack)) as State;

  beforeAll(async () => {
    double = await startStrictAws({ region: REGION });
    process.env = { ...double.environment };
    writeFileSync(path.join(folder, "cdk.tf.json"), text);
    const logs = path.join(folder, "logs");
    mkdirSync(logs);
    const source = findProviders(requiredProviders(folder), own);
    terraform = new Terraform({
      folder,
      logs,
      environment: { ...double.environment, ...terraformVariables(source, path.join(folder, "terraform.rc")) },
      progress: () => {},
    });
    await terraform.init();
    await terraform.apply("apply");
    await terraform.run("forget", ["state", "rm", ...ORPHANS]);
  }, LONG_MS);
  afterAll(async () => {
    process.env = own;
    await double?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    "are named by the doctor, each with its id and the command that deletes it",
    async () => {
      const [half, ...orphans] = await examineCompleteness(stack, await state(), adviseStack(stack.id));
      expect(half).toMatchObject({ status: "warn", says: expect.stringMatching(/lacks aws_vpc\.v, .* and \d+ more$/) });
      const named = orphans.map(({ says }) => says.split(" ")[0]);
      expect(named.sort()).toEqual([...ORPHANS].sort());
      expect(orphans.map(({ next }) => next)).toContainEqual(
        expect.stringMatching(
          /--import-existing .*: aws elasticache delete-replication-group --replication-group-id o-redis /,
        ),
      );
    },
    LONG_MS,
  );

  it(
    "are imported by a plan that creates none of them, and the stack is whole",
    async () => {
      const lines = await writeImports(stack);
      expect(lines).toHaveLength(ORPHANS.length);
      await terraform.run("plan", ["plan", "-input=false", "-out=plan.out"]);
      removeImports(folder);
      expect(existsSync(path.join(folder, "import.tf.json"))).toBe(false);
      const reviewed = review(readPlan(await terraform.run("show", ["show", "-json", "plan.out"]), text));
      expect(reviewed.counts).toMatchObject({ create: 0, replace: 0, delete: 0 });
      expect(reviewed.imports).toHaveLength(ORPHANS.length);
      expect(asText(reviewed)).toMatch(new RegExp(`^plan: .*${ORPHANS.length} imported\n`));
      await terraform.run("apply-imports", ["apply", "-input=false", "plan.out"]);
      expect(await examineCompleteness(stack, await state(), adviseStack(stack.id))).toMatchObject([{ status: "ok" }]);
    },
    LONG_MS,
  );

  it(
    "keep what AWS has finished: terraform untaint, as the doctor and the plan say",
    async () => {
      const group = "aws_elasticache_replication_group.r";
      await terraform.run("taint", ["taint", group]);
      await terraform.run("plan-tainted", ["plan", "-input=false", "-out=plan.out"]);
      const shown = asText(review(readPlan(await terraform.run("show-tainted", ["show", "-json", "plan.out"]))));
      expect(shown).toContain(
        `${group} is replaced (tainted: its creation was interrupted or failed): every session is lost`,
      );
      const [finding] = await examineTainted(REGION, await state(), folder);
      expect(finding).toMatchObject({
        status: "fail",
        says: expect.stringMatching(/AWS has finished it \(available\)$/),
      });
      const [, address = ""] = / untaint '(.*)' keeps it$/.exec(finding?.next ?? "") ?? [];
      await terraform.run("untaint", ["untaint", address]);
      expect((await state()).tainted).toEqual([]);
      expect(readFileSync(path.join(folder, "terraform.tfstate"), "utf8")).toContain('"o-redis"');
      await terraform.planNothing("plan-untainted");
    },
    LONG_MS,
  );
});
