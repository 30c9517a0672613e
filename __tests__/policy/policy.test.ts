import { spawnSync } from "node:child_process";
import path from "node:path";
import { readConfiguration } from "../../policy/read";
import { findings } from "../../policy/rule";
import { RULES } from "../../policy/rules";
import { synthesizeProgram } from "../synthesized/program";
import { FAULTS, Planted } from "./planted";

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
      expect([stack, findings(readConfiguration(json), rules)]).toEqual([stack, []]);
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
    const rulesBroken = (json: string) => findings(readConfiguration(json), RULES).map(({ rule }) => rule);
    expect(rulesBroken(stack)).not.toContain(id);
    expect(rulesBroken(String(planted))).toContain(id);
  });

  it("is none by redis-minor-upgrades where AWS would move a version that is written down", () => {
    const json = synthesizeProgram({ redis: { engine: "valkey-8.0" } }).get("session-ec2") as string;
    expect(json).toContain('"auto_minor_version_upgrade": "false"');
    expect(findings(readConfiguration(json), RULES).map(({ rule }) => rule)).not.toContain("redis-minor-upgrades");
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
    expect(findings(readConfiguration(JSON.stringify(plan)), users)).toEqual([
      expect.objectContaining({ address: "aws_elasticache_replication_group.open[0]" }),
    ]);
  });
});

describe("the command", () => {
  const policy = (input: string, ...args: string[]) =>
    spawnSync(process.execPath, ["--require", "./typescript.cjs", path.join("policy", "main.ts"), "-", ...args], {
      cwd: path.join(__dirname, "..", ".."),
      encoding: "utf8",
      input,
    });
  const open = JSON.stringify({ resource: { aws_cloudwatch_log_group: { one: {} } } });

  it("says what is wrong, by whose rule, and ends with 1", () => {
    const { stdout, status } = policy(open);
    expect(stdout).toContain(
      "aws_cloudwatch_log_group.one keeps its lines for ever\n    log-group-retention (CKV_AWS_66)",
    );
    expect(status).toBe(1);
  });

  it("ends with 0 where the finding is expected, and says so as JSON", () => {
    const { stdout, status } = policy(open, "--json", "--except", "log-group-retention");
    expect(JSON.parse(stdout)).toEqual([{ file: "-", findings: [] }]);
    expect(status).toBe(0);
  });

  it.each([
    ["no JSON", "{", []],
    ["JSON of something else", "{}", []],
    ["an exception to no rule", open, ["--except", "no-such-rule"]],
  ])("refuses %s in one line and ends with 2", (_, input, args) => {
    const { stderr, status } = policy(input, ...args);
    expect(stderr).toMatch(/^policy: .*\n$/);
    expect(status).toBe(2);
  });
});
