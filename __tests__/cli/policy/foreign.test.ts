import { readFileSync } from "node:fs";
import path from "node:path";
import { examine } from "../../../cli/policy/rule";
import { RULES } from "../../../cli/policy/rules";
import { readConfiguration } from "../../../cli/terraform/read-configuration";

type Values = Record<string, unknown>;
/** Resources by type and name, as in cdk.tf.json. */
type Resources = Record<string, Record<string, Values>>;

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const GROUP_ID = "$" + "{aws_security_group.cache.id}";
const cidr = { description: "planted", security_group_id: GROUP_ID };
const group = (ingress: object[]) => ({ aws_security_group: { cache: { description: "cache", ingress } } });
const rule = (values: Values) => ({ aws_vpc_security_group_ingress_rule: { one: { ...cidr, ...values } } });
const older = (values: Values) => ({ aws_security_group_rule: { one: { ...cidr, type: "ingress", ...values } } });
const tcp = (port: number) => ({ protocol: "tcp", from_port: port, to_port: port });
const newTcp = (port: number) => ({ ip_protocol: "tcp", from_port: port, to_port: port });
const user = (values: Values) => ({ aws_elasticache_user: { one: { user_name: "app", ...values } } });
const role = (...statements: object[]) => ({
  aws_iam_role: { one: { assume_role_policy: policy(...statements.map((one) => ({ Effect: "Allow", ...one }))) } },
});
const serverless = (values: Values) => ({ aws_elasticache_serverless_cache: { one: { engine: "valkey", ...values } } });
const permission = (values: Values) => ({ aws_lambda_permission: { one: values } });
const task = (container: Values, values: Values = {}) => ({
  aws_ecs_task_definition: { one: { ...values, container_definitions: JSON.stringify([container]) } },
});

const CACHE_PORT = "ingress-cache-from-groups-only";
const WORLD = "ingress-world-to-load-balancer-only";
const TRUST = "role-trusts-one-service";
const SECRET = "container-no-secret-in-environment";

/** One fault each, in the forms that other programs write. */
const FAULTS: readonly (readonly [rule: string, what: string, resources: Resources])[] = [
  [CACHE_PORT, "a rule", rule({ ...newTcp(6379), cidr_ipv4: "10.0.0.0/16" })],
  [CACHE_PORT, "a rule for a prefix list", rule({ ...newTcp(6379), prefix_list_id: "pl-1" })],
  [CACHE_PORT, "an older rule", older({ ...tcp(6379), cidr_blocks: ["10.0.0.0/16"] })],
  [
    CACHE_PORT,
    "an older rule, protocol by number",
    older({ ...tcp(6379), protocol: "6", cidr_blocks: ["10.0.0.0/8"] }),
  ],
  [CACHE_PORT, "a group", group([{ ...tcp(6379), cidr_blocks: ["10.0.0.0/16"] }])],
  [CACHE_PORT, "a range", group([{ protocol: "tcp", from_port: 0, to_port: 65535, cidr_blocks: ["10.0.0.0/16"] }])],
  [
    CACHE_PORT,
    "another port of a cache",
    {
      aws_elasticache_replication_group: { one: { port: 7000 } },
      ...group([{ ...tcp(7000), cidr_blocks: ["10.0.0.0/16"] }]),
    },
  ],
  [WORLD, "half of the world", rule({ ...newTcp(8080), cidr_ipv4: "128.0.0.0/1" })],
  [WORLD, "both halves", group([{ ...tcp(8080), cidr_blocks: ["0.0.0.0/1", "128.0.0.0/1"] }])],
  [WORLD, "IPv6", older({ ...tcp(8080), ipv6_cidr_blocks: ["::/0"] })],
  [WORLD, "IPv6 in another spelling", older({ ...tcp(8080), ipv6_cidr_blocks: ["0::/0"] })],
  [WORLD, "IPv6 in full", rule({ ...newTcp(8080), cidr_ipv6: "0:0:0:0:0:0:0:0/0" })],
  [WORLD, "all unicast addresses of IPv6", rule({ ...newTcp(8080), cidr_ipv6: "2000::/3" })],
  [WORLD, "443 of a group without a load balancer", group([{ ...tcp(443), cidr_blocks: ["0.0.0.0/0"] }])],
  [
    WORLD,
    "a default group",
    { aws_default_security_group: { one: { ingress: [{ ...tcp(8080), cidr_blocks: ["0.0.0.0/0"] }] } } },
  ],
  ["ingress-ssh-not-from-world", "a group", group([{ ...tcp(22), cidr_blocks: ["0.0.0.0/0"] }])],
  ["ingress-not-all-protocols", "an older rule", older({ protocol: "all", from_port: 0, to_port: 0, self: true })],
  [
    "ingress-not-all-protocols",
    "a default group",
    { aws_default_security_group: { one: { ingress: [{ protocol: "-1", self: true, from_port: 0, to_port: 0 }] } } },
  ],
  ["redis-encrypted-at-rest", "a single node", { aws_elasticache_cluster: { one: { engine: "redis" } } }],
  ["redis-encrypted-in-transit", "a single node", { aws_elasticache_cluster: { one: { engine: "valkey" } } }],
  ["redis-users", "a single node", { aws_elasticache_cluster: { one: { engine: "redis" } } }],
  ["redis-users", "a serverless cache", serverless({})],
  ["redis-own-subnet-group", "a serverless cache without subnets", serverless({})],
  ["redis-serverless-own-security-group", "a serverless cache without groups", serverless({})],
  ["redis-snapshots", "a serverless cache without snapshots", serverless({ snapshot_retention_limit: 0 })],
  [
    "redis-user-group-without-open-default",
    "an association",
    { aws_elasticache_user_group_association: { one: { user_group_id: "one", user_id: "default" } } },
  ],
  ["redis-user-limited", "all keys to read", user({ access_string: "on %R~* -@all +get" })],
  ["redis-user-limited", "all keys to read and write", user({ access_string: "on %RW~* -@all +get" })],
  ["redis-user-limited", "all commands, in capitals", user({ access_string: "ON ~session:* +@ALL" })],
  ["redis-user-limited", "off, then on", user({ access_string: "off ~* on +get" })],
  ["function-open-to-one", "a URL for everybody", permission({ principal: "*", function_url_auth_type: "NONE" })],
  [
    "function-open-to-one",
    "every account by its URL",
    permission({ principal: "*", function_url_auth_type: "AWS_IAM" }),
  ],
  ["function-open-to-one", "every account", permission({ principal: "*" })],
  [TRUST, "every account", role({ Principal: { AWS: "*" }, Action: "sts:AssumeRole" })],
  [TRUST, "every account in a list", role({ Principal: { AWS: ["*"] }, Action: "sts:AssumeRole" })],
  [TRUST, "all but one", role({ NotPrincipal: { AWS: "arn:aws:iam::123456789012:root" }, Action: "sts:AssumeRole" })],
  [
    TRUST,
    "a condition that says nothing about principals",
    role({ Principal: "*", Action: "sts:AssumeRole", Condition: { Bool: { "aws:SecureTransport": "true" } } }),
  ],
  [
    TRUST,
    "every identity of a provider",
    role({
      Principal: { Federated: "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" },
      Action: "sts:AssumeRoleWithWebIdentity",
    }),
  ],
  [
    "policy-not-administrator",
    "a role's own argument",
    {
      aws_iam_role: {
        one: { assume_role_policy: policy(), managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
      },
    },
  ],
  [SECRET, "a name in small letters", task({ environment: [{ name: "redis_password", value: "hunter2" }] })],
  [SECRET, "a name in camel case", task({ environment: [{ name: "redisAuthToken", value: "hunter2" }] })],
  [SECRET, "a name with dots", task({ environment: [{ name: "spring.redis.password", value: "hunter2" }] })],
  [SECRET, "a command", task({ command: ["node", "app.js", "rediss://app:hunter2@cache:6379"] })],
  [
    "instance-no-secret-in-user-data",
    "a launch configuration",
    { aws_launch_configuration: { one: { image_id: "ami-1", user_data: "export REDIS_PASSWORD=hunter2" } } },
  ],
  ["task-not-in-host-namespaces", "the network", task({}, { network_mode: "host" })],
  ["container-adds-no-capability", "one", task({ linuxParameters: { capabilities: { add: ["NET_ADMIN"] } } })],
];

const ACCOUNT = "123456789012";
/** Sound neighbours of the faults. */
const SOUND: readonly (readonly [rule: string, what: string, resources: Resources])[] = [
  [CACHE_PORT, "from a group", group([{ ...tcp(6379), security_groups: [GROUP_ID] }])],
  [CACHE_PORT, "from a group by an older rule", older({ ...tcp(6379), source_security_group_id: GROUP_ID })],
  [CACHE_PORT, "on the way out", older({ ...tcp(6379), type: "egress", cidr_blocks: ["0.0.0.0/0"] })],
  [CACHE_PORT, "another protocol", older({ ...tcp(6379), protocol: "udp", cidr_blocks: ["10.0.0.0/16"] })],
  [WORLD, "the private block of IPv6", rule({ ...newTcp(8080), cidr_ipv6: "fc00::/7" })],
  [WORLD, "one owner's block", group([{ ...tcp(8080), cidr_blocks: ["10.0.0.0/8"] }])],
  [
    WORLD,
    "443 of a load balancer with its rules inside",
    { ...group([{ ...tcp(443), cidr_blocks: ["0.0.0.0/0"] }]), aws_lb: { one: { security_groups: [GROUP_ID] } } },
  ],
  ["group-no-inline-rules", "rules inside alone", group([{ ...tcp(6379), security_groups: [GROUP_ID] }])],
  [
    "redis-encrypted-at-rest",
    "a member of a group",
    { aws_elasticache_cluster: { one: { replication_group_id: "one" } } },
  ],
  [
    "redis-encrypted-at-rest",
    "Valkey, encrypted where nothing is said",
    { aws_elasticache_replication_group: { one: { engine: "valkey" } } },
  ],
  [
    "redis-encrypted-in-transit",
    "a secondary of a global datastore",
    { aws_elasticache_replication_group: { one: { global_replication_group_id: "one" } } },
  ],
  ["redis-users", "a serverless cache with a user group", serverless({ user_group_id: "one" })],
  ["redis-users", "serverless memcached", serverless({ engine: "memcached" })],
  ["redis-own-subnet-group", "a serverless cache in subnets", serverless({ subnet_ids: ["subnet-a", "subnet-c"] })],
  [
    "redis-serverless-own-security-group",
    "a serverless cache in a group",
    serverless({ security_group_ids: ["sg-cache"] }),
  ],
  ["redis-snapshots", "a serverless cache with snapshots", serverless({ snapshot_retention_limit: 1 })],
  ["redis-snapshots", "serverless memcached", serverless({ engine: "memcached" })],
  ["redis-users", "memcached", { aws_elasticache_cluster: { one: { engine: "memcached" } } }],
  ["redis-user-limited", "a user that is off", user({ access_string: "off ~* +@all" })],
  ["redis-user-limited", "a user that is neither on nor off", user({ access_string: "~* +@all" })],
  ["redis-user-limited", "one prefix", user({ access_string: "on %R~session:* -@all +get" })],
  ["function-url-login", "IAM", { aws_lambda_function_url: { one: { authorization_type: "AWS_IAM" } } }],
  ["function-open-to-one", "an account", permission({ principal: ACCOUNT })],
  ["function-open-to-one", "an organization", permission({ principal: "*", principal_org_id: "o-a1b2c3d4e5" })],
  [
    TRUST,
    "one's own organization",
    role({
      Principal: { AWS: "*" },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } },
    }),
  ],
  [TRUST, "an account", role({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "sts:AssumeRole" })],
  [SECRET, "the ARN of a secret", task({ environment: [{ name: "DB_SECRET", value: "arn:aws:secretsmanager:…" }] })],
  [SECRET, "arguments that are null", task({ environment: null, command: null, entryPoint: null })],
  ["container-adds-no-capability", "arguments that are null", task({ linuxParameters: null })],
  ["task-not-in-host-namespaces", "a network interface each", task({}, { network_mode: "awsvpc" })],
  ["container-adds-no-capability", "an empty list", task({ linuxParameters: { capabilities: { add: [] } } })],
];

const REFERENCE = /\$\{([\w.-]+)\}/g;

/** The same as a first plan of Terraform's own language: references as addresses, what they give known only after apply. */
function toPlan(resources: Resources): string {
  const all = Object.entries(resources).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => ({ address: `${type}.${name}`, mode: "managed", type, values })),
  );
  const isReference = (value: unknown) => JSON.stringify(value).search(REFERENCE) >= 0;
  const known = (values: Values) =>
    Object.fromEntries(Object.entries(values).filter(([, value]) => !isReference(value)));
  const plan = {
    planned_values: { root_module: { resources: all.map((one) => ({ ...one, values: known(one.values) })) } },
    resource_changes: all.map(({ values, ...one }) => {
      const unknown = Object.entries(values).filter(([, value]) => isReference(value));
      return {
        ...one,
        change: { actions: ["create"], after_unknown: Object.fromEntries(unknown.map(([k]) => [k, true])) },
      };
    }),
    configuration: {
      root_module: {
        resources: all.map(({ values, ...one }) => ({
          ...one,
          expressions: Object.fromEntries(
            Object.entries(values).map(([name, value]) => {
              const found = [...JSON.stringify(value).matchAll(REFERENCE)].map(([, address]) => address);
              return [name, found.length > 0 ? { references: found } : { constant_value: value }];
            }),
          ),
        })),
      },
    },
  };
  return JSON.stringify(plan);
}

const FORMS = [
  ["cdk.tf.json", (resources: Resources) => JSON.stringify({ resource: resources })],
  ["a plan", toPlan],
] as const;
const findRules = (json: string) => examine(readConfiguration(json), RULES).findings.map((found) => found.rule);

describe.each(FORMS)("%s of another program", (_, write) => {
  it.each(FAULTS)("breaks %s: %s", (id, _what, resources) => {
    expect(findRules(write(resources))).toContain(id);
  });

  it.each(SOUND)("does not break %s: %s", (id, _what, resources) => {
    expect(findRules(write(resources))).not.toContain(id);
  });
});

it("does not judge a web port where a module passes the groups on, and says so", () => {
  const resources = { ...group([{ ...tcp(443), cidr_blocks: ["0.0.0.0/0"] }]), aws_lb: { one: {} } };
  const plan = JSON.parse(toPlan(resources));
  const [, balancer] = plan.configuration.root_module.resources;
  balancer.expressions = { security_groups: { references: ["var.groups"] } };
  const { findings, unexamined } = examine(readConfiguration(JSON.stringify(plan)), RULES);
  expect(findings.map((found) => found.rule)).not.toContain(WORLD);
  expect(unexamined).toContainEqual({
    ...{ address: "aws_security_group.cache", argument: "security_groups", rules: [WORLD] },
  });
});

/** By Terraform 1.11 with AWS provider 5.100 out of foreign/main.tf, in excerpts: `terraform show -json plan.out`. */
it("finds every fault of foreign/main.tf in its real plan, and counts what no rule looks at", () => {
  const plan = readFileSync(path.join(__dirname, "foreign", "plan.json"), "utf8");
  const { findings, unexamined, uncovered } = examine(readConfiguration(plan), RULES);
  const found = findings.map(({ rule: id, address }) => [address, id]);
  expect(found).toEqual(
    expect.arrayContaining([
      ["aws_default_security_group.main", "ingress-not-all-protocols"],
      ["aws_security_group.web", WORLD],
      ["aws_security_group_rule.older", CACHE_PORT],
      ['aws_vpc_security_group_ingress_rule.newer["low"]', "ingress-ssh-not-from-world"],
      ['aws_vpc_security_group_ingress_rule.newer["high"]', "ingress-ssh-not-from-world"],
      ["aws_elasticache_cluster.redis", "redis-users"],
      ["aws_elasticache_serverless_cache.open", "redis-users"],
      ["aws_elasticache_user_group.open", "redis-user-group-without-open-default"],
      ["aws_elasticache_user.all", "redis-user-limited"],
      ["aws_iam_role.task", TRUST],
      ["aws_ecs_task_definition.app", "task-not-in-host-namespaces"],
      ["aws_ecs_task_definition.app", "container-adds-no-capability"],
      ["aws_ecs_task_definition.app", SECRET],
      ["aws_lambda_function_url.app", "function-url-login"],
      ["aws_lambda_permission.url", "function-open-to-one"],
    ]),
  );
  expect(found.filter(([address]) => address === "aws_security_group.cache")).toEqual([]);
  expect(unexamined).toEqual([]);
  expect(uncovered).toEqual([{ type: "aws_route53_zone", count: 1 }]);
});
