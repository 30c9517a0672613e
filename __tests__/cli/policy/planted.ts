// biome-ignore lint/suspicious/noExplicitAny: a fault is planted at any depth of a resource
type Values = Record<string, any>;

/** A synthesized stack that a fault is planted into. */
export class Planted {
  readonly #json: { resource: Record<string, Record<string, Values>> };

  constructor(text: string) {
    this.#json = JSON.parse(text);
  }

  /** Changes every resource of a type; fails when there is none, since the fault would then not be planted. */
  edit(type: string, change: (values: Values) => void): void {
    const all = Object.values(this.#json.resource[type] ?? {});
    if (all.length === 0) throw new Error(`no ${type} to plant a fault into`);
    for (const values of all) change(values);
  }

  drop(type: string): void {
    this.edit(type, () => undefined);
    delete this.#json.resource[type];
  }

  add(type: string, values: Values, name = "planted"): void {
    this.#json.resource[type] = { ...this.#json.resource[type], [name]: values };
  }

  toString(): string {
    return JSON.stringify(this.#json);
  }
}

const ref = (address: string) => `\${${address}}`;
const policy = (...Statement: Values[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const allow = (Action: string | string[], Resource: string) => policy({ Effect: "Allow", Action, Resource });
const GROUP = "aws_elasticache_replication_group";
const USER = "aws_elasticache_user";
const IN = "aws_vpc_security_group_ingress_rule";
const OUT = "aws_vpc_security_group_egress_rule";
const TASK = "aws_ecs_task_definition";
const rule = (from: number, to: number, cidr = "0.0.0.0/0") => ({
  ...{ ip_protocol: "tcp", from_port: from, to_port: to, cidr_ipv4: cidr, description: "planted" },
  security_group_id: ref("aws_security_group.somewhere.id"),
});
const task = (container: Values) => ({
  container_definitions: JSON.stringify([
    { name: "fine", user: "1000", readonlyRootFilesystem: true },
    { name: "app", user: "1000", readonlyRootFilesystem: true, ...container },
  ]),
});
const instance = {
  metadata_options: { http_tokens: "required", http_put_response_hop_limit: 1 },
  root_block_device: { encrypted: true },
  ebs_optimized: true,
  iam_instance_profile: "some",
};

/** A fault for each rule: what a careless change would make of a stack. */
export const FAULTS: readonly (readonly [rule: string, plant: (stack: Planted) => void])[] = [
  ["vpc-default-group-empty", (stack) => stack.drop("aws_default_security_group")],
  [
    "vpc-default-group-empty",
    (stack) => stack.edit("aws_default_security_group", (group) => (group.ingress = [{ protocol: -1, self: true }])),
  ],
  ["vpc-flow-log", (stack) => stack.drop("aws_flow_log")],
  ["vpc-gateway-endpoints", (stack) => stack.drop("aws_vpc_endpoint")],
  ["subnet-no-public-ip", (stack) => stack.edit("aws_subnet", (subnet) => (subnet.map_public_ip_on_launch = true))],
  ["group-described", (stack) => stack.edit("aws_security_group", (group) => delete group.description)],
  ["group-described", (stack) => stack.edit(IN, (one) => delete one.description)],
  [
    "group-no-inline-rules",
    (stack) =>
      stack.edit("aws_security_group", (g) => (g.ingress = [{ security_groups: [ref("aws_security_group.x.id")] }])),
  ],
  ["ingress-not-all-protocols", (stack) => stack.edit(IN, (one) => (one.ip_protocol = "-1"))],
  ["ingress-cache-from-groups-only", (stack) => stack.add(IN, rule(6379, 6379, "10.0.0.0/16"))],
  ["ingress-cache-from-groups-only", (stack) => stack.add(IN, rule(1, 65535, "10.0.0.0/16"))],
  ["ingress-cache-from-groups-only", (stack) => stack.add(IN, { ...rule(11211, 11211), cidr_ipv6: "::/0" })],
  ["ingress-world-to-load-balancer-only", (stack) => stack.add(IN, rule(5000, 5000))],
  ["ingress-world-to-load-balancer-only", (stack) => stack.add(IN, rule(443, 443))],
  ["ingress-ssh-not-from-world", (stack) => stack.add(IN, rule(22, 22))],
  ["egress-not-all", (stack) => stack.add(OUT, { ...rule(0, 0), ip_protocol: "-1" })],
  ["egress-not-all", (stack) => stack.add(OUT, rule(0, 65535))],
  ["egress-not-all", (stack) => stack.add(OUT, rule(0, 65535, "128.0.0.0/1"))],
  [
    "nat-for-each-zone",
    (stack) => {
      stack.add("aws_nat_gateway", { subnet_id: ref("aws_subnet.one.id") }, "a");
      stack.add("aws_nat_gateway", { subnet_id: ref("aws_subnet.one.id") }, "c");
    },
  ],
  ["redis-encrypted-at-rest", (stack) => stack.edit(GROUP, (group) => delete group.at_rest_encryption_enabled)],
  ["redis-encrypted-in-transit", (stack) => stack.edit(GROUP, (group) => (group.transit_encryption_enabled = false))],
  [
    "redis-encrypted-in-transit",
    (stack) => stack.edit(GROUP, (group) => (group.transit_encryption_mode = "preferred")),
  ],
  ["redis-fails-over", (stack) => stack.edit(GROUP, (group) => (group.automatic_failover_enabled = false))],
  ["redis-fails-over", (stack) => stack.edit(GROUP, (group) => (group.multi_az_enabled = false))],
  ["redis-users", (stack) => stack.edit(GROUP, (group) => delete group.user_group_ids)],
  ["redis-users", (stack) => stack.edit(GROUP, (group) => (group.auth_token = "planted"))],
  [
    "redis-serverless-own-security-group",
    (stack) => stack.add("aws_elasticache_serverless_cache", { engine: "valkey", subnet_ids: ["subnet-a"] }),
  ],
  ["redis-own-subnet-group", (stack) => stack.edit(GROUP, (group) => (group.subnet_group_name = "default"))],
  ["redis-minor-upgrades", (stack) => stack.edit(GROUP, (group) => (group.auto_minor_version_upgrade = "false"))],
  [
    "redis-evicts-what-expires",
    (stack) => stack.edit(GROUP, (group) => (group.parameter_group_name = "default.redis7")),
  ],
  [
    "redis-evicts-what-expires",
    (stack) =>
      stack.edit("aws_elasticache_parameter_group", (group) => {
        group.parameter = [{ name: "maxmemory-policy", value: "allkeys-lru" }];
      }),
  ],
  ["redis-slow-log", (stack) => stack.edit(GROUP, (group) => (group.log_delivery_configuration = []))],
  [
    "redis-log-groups-apart",
    (stack) => stack.edit(GROUP, (group) => group.log_delivery_configuration.push(group.log_delivery_configuration[0])),
  ],
  ["redis-snapshots", (stack) => stack.edit(GROUP, (group) => (group.snapshot_retention_limit = 0))],
  [
    "redis-cluster-mode-parameter",
    (stack) => stack.edit(GROUP, (group) => Object.assign(group, { num_node_groups: 3, replicas_per_node_group: 1 })),
  ],
  ["redis-user-limited", (stack) => stack.edit(USER, (user) => (user.access_string = "on ~* -@all +get"))],
  ["redis-user-limited", (stack) => stack.edit(USER, (user) => (user.access_string = "on ~session:* +@all"))],
  [
    "redis-user-limited",
    (stack) =>
      stack.edit(USER, (user) => {
        if (user.user_name === "default") user.access_string = "on ~session:* -@all +get";
      }),
  ],
  ["redis-user-no-password-in-state", (stack) => stack.edit(USER, (user) => (user.passwords = ["planted"]))],
  [
    "redis-user-no-password-in-state",
    (stack) => stack.edit(USER, (user) => (user.authentication_mode = { type: "password", passwords: ["planted"] })),
  ],
  [
    "redis-user-group-without-open-default",
    (stack) => stack.edit("aws_elasticache_user_group", (group) => group.user_ids.push("default")),
  ],
  ["redis-user-authenticates", (stack) => stack.edit(USER, (user) => (user.no_password_required = true))],
  ["memcached-encrypted-in-transit", (stack) => stack.add("aws_elasticache_cluster", { engine: "memcached" })],
  ["instance-metadata-v2", (stack) => stack.add("aws_instance", { ...instance, metadata_options: {} })],
  [
    "instance-metadata-v2",
    (stack) =>
      stack.add("aws_instance", {
        ...instance,
        metadata_options: { http_tokens: "required", http_put_response_hop_limit: 64 },
      }),
  ],
  ["instance-disk-encrypted", (stack) => stack.add("aws_instance", { ...instance, root_block_device: {} })],
  ["instance-ebs-optimized", (stack) => stack.add("aws_instance", { ...instance, ebs_optimized: false })],
  ["instance-profile", (stack) => stack.add("aws_instance", { ...instance, iam_instance_profile: undefined })],
  [
    "instance-no-secret-in-user-data",
    (stack) => stack.add("aws_instance", { ...instance, user_data: "export SECRET_KEY=hunter2hunter2" }),
  ],
  [
    "instance-no-secret-in-user-data",
    (stack) =>
      stack.add("aws_launch_template", {
        image_id: "ami",
        user_data: Buffer.from("REDIS_URL=rediss://app:hunter2@cache:6379").toString("base64"),
      }),
  ],
  [
    "group-over-zones",
    (stack) => stack.add("aws_autoscaling_group", { vpc_zone_identifier: [ref("aws_subnet.a.id")] }),
  ],
  [
    "group-health-by-load-balancer",
    (stack) => stack.add("aws_autoscaling_group", { target_group_arns: ["arn"], health_check_type: "EC2" }),
  ],
  [
    "group-template-version",
    (stack) => stack.add("aws_autoscaling_group", { launch_template: { version: "$Latest" } }),
  ],
  ["policy-no-wildcard-action", (stack) => stack.add("aws_iam_role_policy", { policy: allow("s3:Get*", "arn") })],
  [
    "policy-no-wildcard-action",
    (stack) =>
      stack.add("aws_iam_policy", { policy: policy({ Effect: "Allow", NotAction: "iam:*", Resource: "arn" }) }),
  ],
  ["policy-names-resources", (stack) => stack.add("aws_iam_role_policy", { policy: allow("s3:GetObject", "*") })],
  ["policy-names-resources", (stack) => stack.add("aws_iam_role_policy", { policy: allow("ec2:DeleteVpc", "*") })],
  [
    "policy-not-administrator",
    (stack) =>
      stack.add("aws_iam_role_policy_attachment", {
        policy_arn: "arn:aws:iam::aws:policy/AmazonElastiCacheFullAccess",
      }),
  ],
  [
    "role-trusts-one-service",
    (stack) =>
      stack.add("aws_iam_role", {
        assume_role_policy: policy({
          ...{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ecs-tasks.amazonaws.com" } },
        }),
      }),
  ],
  [
    "role-trusts-one-service",
    (stack) =>
      stack.add("aws_iam_role", {
        assume_role_policy: policy({ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*", Condition: {} }),
      }),
  ],
  ["bucket-not-public", (stack) => stack.drop("aws_s3_bucket_public_access_block")],
  [
    "bucket-not-public",
    (stack) => stack.edit("aws_s3_bucket_public_access_block", (one) => (one.block_public_policy = false)),
  ],
  [
    "bucket-tls-only",
    (stack) => stack.edit("aws_s3_bucket_policy", (one) => (one.policy = allow("s3:GetObject", "arn"))),
  ],
  ["bucket-owner-enforced", (stack) => stack.drop("aws_s3_bucket_ownership_controls")],
  ["bucket-versioned", (stack) => stack.drop("aws_s3_bucket_versioning")],
  ["bucket-encrypted", (stack) => stack.drop("aws_s3_bucket_server_side_encryption_configuration")],
  ["bucket-tidy", (stack) => stack.drop("aws_s3_bucket_lifecycle_configuration")],
  ["log-group-retention", (stack) => stack.edit("aws_cloudwatch_log_group", (one) => delete one.retention_in_days)],
  [
    "secret-write-only",
    (stack) => stack.edit("aws_secretsmanager_secret_version", (one) => (one.secret_string = "planted")),
  ],
  ["key-rotates", (stack) => stack.add("aws_kms_key", {})],
  ["key-window", (stack) => stack.add("aws_kms_key", { deletion_window_in_days: 7 })],
  ["table-on-demand", (stack) => stack.add("aws_dynamodb_table", { billing_mode: "PROVISIONED" })],
  ["table-recoverable", (stack) => stack.add("aws_dynamodb_table", {})],
  ["balancer-over-zones", (stack) => stack.add("aws_lb", { subnets: [ref("aws_subnet.a.id")] })],
  ["balancer-drops-invalid-headers", (stack) => stack.add("aws_lb", {})],
  ["balancer-desync", (stack) => stack.add("aws_lb", { desync_mitigation_mode: "monitor" })],
  [
    "listener-tls",
    (stack) => stack.add("aws_lb_listener", { protocol: "HTTPS", ssl_policy: "ELBSecurityPolicy-2016-08" }),
  ],
  [
    "listener-https",
    (stack) => stack.add("aws_lb_listener", { protocol: "HTTP", default_action: [{ type: "forward" }] }),
  ],
  ["target-health-check", (stack) => stack.add("aws_lb_target_group", {})],
  ["target-drains", (stack) => stack.add("aws_lb_target_group", { deregistration_delay: "0" })],
  ["container-not-root", (stack) => stack.add(TASK, task({ user: "0:0" }))],
  ["container-not-root", (stack) => stack.add(TASK, task({ user: undefined }))],
  ["container-read-only", (stack) => stack.add(TASK, task({ readonlyRootFilesystem: undefined }))],
  [
    "container-adds-no-capability",
    (stack) => stack.add(TASK, task({ linuxParameters: { capabilities: { add: ["SYS_ADMIN"] } } })),
  ],
  ["task-not-in-host-namespaces", (stack) => stack.add(TASK, { network_mode: "host" })],
  ["task-not-in-host-namespaces", (stack) => stack.add(TASK, { pid_mode: "host" })],
  ["container-not-privileged", (stack) => stack.add(TASK, task({ privileged: true }))],
  [
    "container-no-secret-in-environment",
    (stack) => stack.add(TASK, task({ environment: [{ name: "SECRET_KEY", value: "hunter2hunter2" }] })),
  ],
  [
    "container-stops-after-draining",
    (stack) => stack.add(TASK, task({ stopTimeout: 5, environment: [{ name: "DRAIN_SECONDS", value: "5" }] })),
  ],
  [
    "task-roles-apart",
    (stack) =>
      stack.add(TASK, { task_role_arn: ref("aws_iam_role.x.arn"), execution_role_arn: ref("aws_iam_role.x.arn") }),
  ],
  [
    "service-no-public-ip",
    (stack) => stack.add("aws_ecs_service", { network_configuration: { assign_public_ip: true } }),
  ],
  ["service-rolls-back", (stack) => stack.add("aws_ecs_service", { deployment_circuit_breaker: { enable: true } })],
  ["repository-immutable", (stack) => stack.add("aws_ecr_repository", {})],
  ["repository-scans", (stack) => stack.add("aws_ecr_repository", {})],
  ["repository-tidy", (stack) => stack.add("aws_ecr_repository", {})],
  ["function-over-zones", (stack) => stack.add("aws_lambda_function", { vpc_config: { subnet_ids: ["subnet-1"] } })],
  ["function-runtime", (stack) => stack.add("aws_lambda_function", { runtime: "python2.7" })],
  [
    "function-no-secret-in-environment",
    (stack) => stack.add("aws_lambda_function", { environment: { variables: { DB_PASSWORD: "hunter2" } } }),
  ],
  ["function-own-log-group", (stack) => stack.add("aws_lambda_function", {})],
  ["function-open-to-one", (stack) => stack.add("aws_lambda_permission", { principal: "apigateway.amazonaws.com" })],
  ["function-url-login", (stack) => stack.add("aws_lambda_function_url", { authorization_type: "NONE" })],
  ["alarm-missing-data", (stack) => stack.add("aws_cloudwatch_metric_alarm", {})],
  ["redis-alarms", (stack) => stack.add(GROUP, { num_cache_clusters: 9 })],
  ["target-alarms", (stack) => stack.add("aws_lb_target_group", {})],
  ["function-alarms", (stack) => stack.add("aws_lambda_function", { function_name: "planted" })],
];
