import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { examine, type Finding, type Rule } from "../../../cli/policy/rule";
import { RULES } from "../../../cli/policy/rules";
import { iamRules } from "../../../cli/policy/rules/iam";
import type { Resource } from "../../../cli/terraform/configuration";
import { readConfiguration } from "../../../cli/terraform/read-configuration";
import { synthesizeProgram } from "../../synthesized/program";
import { FAULTS, Planted } from "./planted";

const FIRST_PLANS = path.join(__dirname, "first-plans");
const findings = (json: string, rules: readonly Rule[]): readonly Finding[] =>
  examine(readConfiguration(json), rules).findings;

const EC2 = { allowedCidrs: ["203.0.113.0/24"] };
const certificateArn = "arn:aws:acm:ap-northeast-1:123456789012:certificate/12345678-1234-1234-1234-123456789012";

const ECS = { certificateArn };
const IMAGE = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-app:0123456789abcdef-arm64";

/** Rules that a variant is an exception to, each with its reason in docs/security-exceptions.md. */
const VARIANTS: readonly (readonly [name: string, context: object, except: readonly string[]])[] = [
  ["default settings", {}, ["listener-https"]],
  ["one node, nothing kept", { ecs: ECS, redis: { replicas: 0 } }, []],
  ["a gateway in each of three zones", { ecs: ECS, availabilityZones: ["a", "c", "d"], nat: "per-zone" }, []],
  ["three shards", { ecs: ECS, redis: { shards: 3, replicas: 1 } }, []],
  ["a cache without logins", { ecs: ECS, redis: { auth: "none" } }, ["redis-users"]],
  ["a fleet with a certificate", { ecs: ECS, nat: "single", ec2: { ...EC2, fleet: { certificateArn } } }, []],
  ["a fleet on plain http", { nat: "single", ec2: { ...EC2, fleet: { http: true } } }, ["listener-https"]],
  [
    "a function without a gateway, traced",
    { ecs: null, nat: "none", lambda: { tracing: true, photoCache: { engine: "memcached" } } },
    [],
  ],
  ["services on instances", { ecs: { ...ECS, launchType: "EC2" } }, []],
  ["services of an image, by endpoints", { nat: "none", ecs: { ...ECS, image: IMAGE } }, []],
  [
    "services that shells are opened in",
    { ecs: { ...ECS, executeCommand: true, readonlyRootFilesystem: false } },
    ["container-read-only"],
  ],
];

describe("what the program writes", () => {
  it.each(VARIANTS)("has no finding with %s", (_, context, except) => {
    const rules = RULES.filter(({ id }) => !except.includes(id));
    for (const [stack, json] of synthesizeProgram(context)) {
      expect([stack, findings(json, rules)]).toEqual([stack, []]);
    }
  });
});

describe("a planted fault", () => {
  let stack: string;
  beforeAll(() => {
    stack = synthesizeProgram({}).get("session-ec2") as string;
  });

  it.each(FAULTS)("is found by %s", (id, plant) => {
    const planted = new Planted(stack);
    plant(planted);
    const rulesBroken = (json: string) => findings(json, RULES).map(({ rule }) => rule);
    expect(rulesBroken(stack)).not.toContain(id);
    expect(rulesBroken(String(planted))).toContain(id);
  });

  it("is none by redis-minor-upgrades where AWS would move a version that is written down", () => {
    const json = synthesizeProgram({ redis: { engine: "valkey-8.0" } }).get("session-ec2") as string;
    expect(json).toContain('"auto_minor_version_upgrade": "false"');
    expect(findings(json, RULES).map(({ rule }) => rule)).not.toContain("redis-minor-upgrades");
  });

  it("is there for every rule", () => {
    expect(new Set(FAULTS.map(([id]) => id))).toEqual(new Set(RULES.map(({ id }) => id)));
  });

  it("is found in a plan, its references and modules included", () => {
    const cache = (values: object) => ({ mode: "managed", type: "aws_elasticache_replication_group", values });
    const address = "module.shop.aws_elasticache_replication_group.cache";
    const plan = {
      planned_values: {
        root_module: {
          resources: [{ ...cache({ user_group_ids: [] }), address: "aws_elasticache_replication_group.open[0]" }],
          child_modules: [{ resources: [{ ...cache({ transit_encryption_enabled: true }), address }] }],
        },
      },
      configuration: {
        root_module: {
          resources: [{ address: "aws_elasticache_replication_group.open", expressions: {} }],
          module_calls: {
            shop: {
              module: {
                resources: [
                  {
                    address: "aws_elasticache_replication_group.cache",
                    expressions: { user_group_ids: { references: ["aws_elasticache_user_group.all.id"] } },
                  },
                ],
              },
            },
          },
        },
      },
    };
    const users = RULES.filter(({ id }) => id === "redis-users");
    expect(findings(JSON.stringify(plan), users)).toEqual([
      expect.objectContaining({ address: "aws_elasticache_replication_group.open[0]" }),
    ]);
  });
});

const ref = (expression: string) => `\${${expression}}`;

/** Excerpts of plans by the real Terraform, made by `RECORD_FIRST_PLANS=1 npm run verify`, which reads the whole ones. */
describe("a first plan", () => {
  const plans = readdirSync(FIRST_PLANS).filter((name) => name.endsWith(".json"));
  const read = (name: string) => readFileSync(path.join(FIRST_PLANS, name), "utf8");
  const plan = (resource: object, expressions: object, unknown: object) => {
    const named = { address: "aws_iam_policy.one", mode: "managed", type: "aws_iam_policy" };
    return JSON.stringify({
      planned_values: { root_module: { resources: [{ ...named, ...resource }] } },
      resource_changes: [{ ...named, change: { actions: ["create"], after_unknown: unknown } }],
      configuration: { root_module: { resources: [{ ...named, expressions }] } },
    });
  };

  it("is recorded of each stack", () => {
    expect(plans).toEqual([
      "session-ec2-default.json",
      "session-ec2-fleet-https.json",
      "session-ecs-fargate-http.json",
      "session-ecs-instances-https.json",
      "session-lambda-memcached-without-nat.json",
    ]);
  });

  it.each(plans)("has policies that are known only after apply, and they are examined as written: %s", (name) => {
    const { resources } = JSON.parse(read(name)).planned_values.root_module;
    const unknown = resources.filter((one: object) => !("values" in one));
    expect(unknown.length).toBeGreaterThan(0);
    const configuration = readConfiguration(read(name));
    for (const { address } of unknown) {
      const { values } = configuration.resources.find((one) => one.address === address) as Resource;
      expect(JSON.parse(String(values.policy)).Statement).not.toHaveLength(0);
    }
    // A launch template's script is a local, and a plan holds no locals.
    const hidden = resources.filter(
      ({ type, values }: { type: string; values: object }) =>
        type === "aws_launch_template" && !("user_data" in values),
    );
    expect(examine(configuration, iamRules)).toMatchObject({ findings: [], unexamined: [] });
    expect(examine(configuration, RULES).unexamined.map(({ address, argument }) => [address, argument])).toEqual(
      hidden.map(({ address }: { address: string }) => [address, "user_data"]),
    );
  });

  it("is found to allow too much in a policy that is known only after apply", () => {
    const policy = JSON.stringify({
      Statement: { Effect: "Allow", Action: "s3:*", Resource: ref("aws_s3_bucket.one.arn") },
    });
    const json = plan({}, { policy: { constant_value: policy } }, { policy: true });
    expect(findings(json, iamRules)).toEqual([expect.objectContaining({ rule: "policy-no-wildcard-action" })]);
  });

  it("says which resource could not be examined, where the plan does not hold what is written", () => {
    const json = plan({}, { policy: { references: ["aws_s3_bucket.one.arn"] } }, { policy: true });
    const unexamined = { address: "aws_iam_policy.one", argument: "policy" };
    expect(examine(readConfiguration(json), iamRules)).toMatchObject({
      findings: [],
      unexamined: [{ ...unexamined, rules: ["policy-no-wildcard-action", "policy-names-resources"] }],
    });
  });

  it("has what is known of a map beside what is written", () => {
    const written = { constant_value: { A: ref("aws_vpc.one.id"), B: ref("var.b") } };
    const json = plan({ values: { m: { B: "known" } } }, { m: written }, { m: { A: true } });
    expect(readConfiguration(json).resources[0]?.values.m).toEqual({ A: ref("aws_vpc.one.id"), B: "known" });
  });
});
