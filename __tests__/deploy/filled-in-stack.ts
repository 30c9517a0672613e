import { region } from "./synthesize";

/** A reference as Terraform writes it. */
const ref = (to: string) => `\${${to}}`;
const policy = (...statements: object[]) => JSON.stringify({ Version: "2012-10-17", Statement: statements });
const trust = (service: string) =>
  policy({ Effect: "Allow", Principal: { Service: `${service}.amazonaws.com` }, Action: "sts:AssumeRole" });
const task = (family: string, more: object, container: object = {}) => ({
  ...{ family, ...more },
  container_definitions: JSON.stringify([{ name: "app", image: "app", memory: 64, ...container }]),
});
const drops = (more: object) => ({ linuxParameters: { capabilities: { drop: ["ALL"], ...more } } });
const group = ref("aws_security_group.one.id");
const subnets = [ref("aws_subnet.a.id"), ref("aws_subnet.c.id")];

const NETWORK = {
  aws_vpc: { one: { cidr_block: "10.0.0.0/16" } },
  aws_internet_gateway: { one: { vpc_id: ref("aws_vpc.one.id") } },
  aws_subnet: Object.fromEntries(
    ["a", "c"].map((zone, index) => [
      zone,
      {
        ...{ vpc_id: ref("aws_vpc.one.id"), cidr_block: `10.0.${index}.0/24` },
        availability_zone: `${region()}${zone}`,
      },
    ]),
  ),
  aws_security_group: { one: { name_prefix: "one-", description: "One", vpc_id: ref("aws_vpc.one.id") } },
  aws_vpc_security_group_ingress_rule: {
    one: {
      ...{ description: "One", from_port: 6379, to_port: 6379, ip_protocol: "tcp" },
      ...{ security_group_id: group, referenced_security_group_id: group },
    },
  },
  aws_vpc_endpoint: {
    one: {
      ...{ vpc_id: ref("aws_vpc.one.id"), service_name: `com.amazonaws.${region()}.s3` },
      policy: policy({ Effect: "Allow", Principal: "*", Action: ["s3:GetObject", "s3:PutObject"], Resource: ["*"] }),
    },
  },
};

const CACHE = {
  aws_elasticache_subnet_group: { one: { name: "one", subnet_ids: subnets } },
  aws_elasticache_replication_group: {
    one: {
      ...{ replication_group_id: "one", description: "One", engine: "redis", engine_version: "7.1" },
      ...{ node_type: "cache.t4g.micro", num_cache_clusters: 1, port: 6379, apply_immediately: true },
      ...{ at_rest_encryption_enabled: "true", transit_encryption_enabled: true, transit_encryption_mode: "required" },
      ...{ auto_minor_version_upgrade: "true", data_tiering_enabled: false, snapshot_retention_limit: 1 },
      subnet_group_name: ref("aws_elasticache_subnet_group.one.name"),
      security_group_ids: [group],
      log_delivery_configuration: [
        {
          ...{ destination: ref("aws_cloudwatch_log_group.one.name"), destination_type: "cloudwatch-logs" },
          ...{ log_format: "json", log_type: "slow-log" },
        },
      ],
    },
  },
  aws_elasticache_user: {
    said: { ...{ user_id: "said", user_name: "said" }, engine: "redis", access_string: "on ~app:* -@all +get" },
    short: { user_id: "short", user_name: "short", engine: "redis", access_string: "on allkeys +get" },
  },
};
for (const user of Object.values(CACHE.aws_elasticache_user)) Object.assign(user, { no_password_required: true });

const INSTANCES = {
  aws_launch_template: {
    one: {
      ...{ name: "one", image_id: "ami-12c6146b", instance_type: "t4g.small", ebs_optimized: "true" },
      monitoring: { enabled: false },
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
      block_device_mappings: [
        {
          device_name: "/dev/xvda",
          ebs: { delete_on_termination: "true", encrypted: "true", volume_size: 10, volume_type: "gp3" },
        },
      ],
      network_interfaces: [
        {
          ...{ associate_public_ip_address: "false", delete_on_termination: "true" },
          security_groups: [group],
        },
      ],
      tag_specifications: [{ resource_type: "volume", tags: { Name: "one" } }],
    },
  },
  aws_autoscaling_group: {
    one: {
      ...{ name: "one", vpc_zone_identifier: subnets, min_size: 0, max_size: 1 },
      launch_template: {
        id: ref("aws_launch_template.one.id"),
        version: ref("aws_launch_template.one.latest_version"),
      },
    },
  },
  aws_autoscaling_policy: {
    one: {
      ...{ name: "one", autoscaling_group_name: ref("aws_autoscaling_group.one.name"), scaling_adjustment: 1 },
      ...{ adjustment_type: "ChangeInCapacity", cooldown: 300 },
    },
  },
  aws_instance: {
    one: {
      ...{ ami: "ami-12c6146b", instance_type: "t4g.small", subnet_id: ref("aws_subnet.a.id") },
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true, volume_size: 10, volume_type: "gp3" },
    },
  },
};

const balanced = (certificate: string) => ({
  aws_lb: {
    one: {
      ...{ name: "one", load_balancer_type: "application", subnets, idle_timeout: 60 },
      ...{ drop_invalid_header_fields: true, preserve_host_header: true },
      security_groups: [group],
      depends_on: ["aws_internet_gateway.one"],
    },
  },
  aws_lb_target_group: {
    one: {
      ...{ name: "one", port: 5000, protocol: "HTTP", target_type: "ip", vpc_id: ref("aws_vpc.one.id") },
      ...{ deregistration_delay: "60", load_balancing_algorithm_type: "round_robin" },
      health_check: { path: "/healthz", matcher: "200", interval: 10, timeout: 5 },
    },
  },
  aws_lb_listener: {
    one: {
      ...{ load_balancer_arn: ref("aws_lb.one.arn"), port: 443, protocol: "HTTPS", certificate_arn: certificate },
      ssl_policy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
      default_action: [{ type: "forward", target_group_arn: ref("aws_lb_target_group.one.arn") }],
    },
  },
  aws_lb_listener_rule: {
    one: {
      ...{ listener_arn: ref("aws_lb_listener.one.arn"), priority: 1 },
      action: [{ type: "forward", target_group_arn: ref("aws_lb_target_group.one.arn") }],
      condition: [{ path_pattern: { values: ["/1", "/1/*"] } }],
    },
  },
});

const SERVICES = {
  aws_ecs_cluster: { one: { name: "one" } },
  aws_ecs_task_definition: {
    said: task(
      "said",
      {
        ...{ cpu: "512", memory: "1024", network_mode: "awsvpc", requires_compatibilities: ["FARGATE"] },
        volume: [{ name: "bundle" }],
      },
      {
        ...drops({ add: [] }),
        environment: ["ONE", "TWO"].map((name) => ({ name, value: name })),
        portMappings: [{ containerPort: 5000 }],
        mountPoints: [{ sourceVolume: "bundle", containerPath: "/bundle", readOnly: true }],
      },
    ),
    unsaid: task("unsaid", {}, drops({})),
  },
  aws_ecs_service: {
    one: {
      ...{ name: "one", cluster: ref("aws_ecs_cluster.one.name"), launch_type: "FARGATE", desired_count: 1 },
      ...{ availability_zone_rebalancing: "ENABLED", propagate_tags: "SERVICE" },
      deployment_circuit_breaker: { enable: true, rollback: true },
      load_balancer: [
        { container_name: "app", container_port: 5000, target_group_arn: ref("aws_lb_target_group.one.arn") },
      ],
      network_configuration: { security_groups: [group], subnets },
      task_definition: ref("aws_ecs_task_definition.said.arn"),
      depends_on: ["aws_lb_listener.one"],
    },
  },
};

const FUNCTIONS = {
  aws_lambda_function: {
    one: {
      ...{ function_name: "one", role: ref("aws_iam_role.one.arn"), runtime: "nodejs22.x", handler: "one.handler" },
      ...{ filename: "assets/one.zip", architectures: ["arm64"], memory_size: 1024, timeout: 15 },
      logging_config: { log_format: "Text", log_group: ref("aws_cloudwatch_log_group.one.name") },
      vpc_config: { security_group_ids: [group], subnet_ids: subnets },
    },
  },
  aws_apigatewayv2_api: { one: { name: "one", protocol_type: "HTTP" } },
  aws_apigatewayv2_integration: {
    one: {
      ...{ api_id: ref("aws_apigatewayv2_api.one.id"), integration_type: "AWS_PROXY", integration_method: "POST" },
      ...{ integration_uri: ref("aws_lambda_function.one.invoke_arn"), payload_format_version: "2.0" },
      timeout_milliseconds: 29000,
    },
  },
  aws_apigatewayv2_route: {
    one: {
      ...{ api_id: ref("aws_apigatewayv2_api.one.id"), route_key: "$default" },
      target: `integrations/${ref("aws_apigatewayv2_integration.one.id")}`,
    },
  },
  aws_apigatewayv2_stage: {
    one: { api_id: ref("aws_apigatewayv2_api.one.id"), name: "$default", auto_deploy: true },
  },
  aws_dynamodb_table: {
    one: {
      ...{ name: "one", billing_mode: "PAY_PER_REQUEST", hash_key: "id" },
      attribute: [{ name: "id", type: "S" }],
      point_in_time_recovery: { enabled: true },
    },
  },
};

const bucket = { bucket: ref("aws_s3_bucket.one.bucket") };
const KEPT = {
  aws_cloudwatch_log_group: { one: { name: "/one", retention_in_days: 14 } },
  aws_iam_role: { one: { name: "one", assume_role_policy: trust("lambda") } },
  aws_iam_role_policy: {
    one: {
      ...{ name: "one", role: ref("aws_iam_role.one.name") },
      policy: policy({ Effect: "Allow", Action: ["s3:GetObject", "s3:GetObjectVersion"], Resource: ["*"] }),
    },
  },
  aws_s3_bucket: { one: { bucket: "one-of-what-aws-fills-in", force_destroy: true } },
  aws_s3_bucket_policy: {
    one: {
      ...bucket,
      policy: policy({
        ...{ Sid: "TlsOnly", Effect: "Deny", Principal: "*", Action: "s3:*" },
        Resource: [ref("aws_s3_bucket.one.arn"), `${ref("aws_s3_bucket.one.arn")}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      }),
    },
  },
  aws_s3_bucket_server_side_encryption_configuration: {
    one: { ...bucket, rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: "AES256" } }] },
  },
  aws_s3_bucket_lifecycle_configuration: {
    one: {
      ...bucket,
      rule: [
        {
          ...{ id: "tidy", status: "Enabled", filter: [{ prefix: "" }] },
          abort_incomplete_multipart_upload: [{ days_after_initiation: 1 }],
          noncurrent_version_expiration: [{ noncurrent_days: 30 }],
        },
      ],
    },
  },
};

/** A stack that meets each row of the table, with arguments as our stacks write them. */
export const filledInStack = (certificate: string) => ({
  terraform: {
    required_providers: { aws: { source: "aws", version: "5.100.0" } },
    backend: { local: { path: "terraform.tfstate" } },
  },
  provider: { aws: [{ region: region() }] },
  resource: {
    ...{ ...NETWORK, ...CACHE, ...INSTANCES, ...balanced(certificate) },
    ...{ ...SERVICES, ...FUNCTIONS, ...KEPT },
  },
});
