import { accessString } from "../../../../environment";
import type { Planned } from "../planned";

/** Attributes of a resource. */
type Attributes = Readonly<Record<string, unknown>>;

/** Resources by address, as they are applied. */
export type Stack = Readonly<Record<string, Attributes>>;

const CACHE_ARN = "arn:aws:elasticache:eu-west-1:123456789012:replicationgroup:cache";
const USER_ARN = "arn:aws:elasticache:eu-west-1:123456789012:user:app";
const INGRESS = "aws_vpc_security_group_ingress_rule";
const EGRESS = "aws_vpc_security_group_egress_rule";

const rule = (group: string, port: number, peer: Attributes) => ({
  ...{ security_group_id: group, ip_protocol: "tcp", from_port: port, to_port: port },
  ...peer,
});
const from = (group: string) => ({ referenced_security_group_id: group });
const anywhere = { cidr_ipv4: "0.0.0.0/0" };
const groups = (...names: readonly string[]): Stack =>
  Object.fromEntries(names.map((name) => [`aws_security_group.${name}`, { id: `sg-${name}` }]));

/** A cache that the members of a group log in to by IAM. */
function cache(client: string): Stack {
  return {
    ...groups("cache"),
    "aws_elasticache_user.app": {
      ...{ id: "app", arn: USER_ARN, user_id: "app", user_name: "app", access_string: accessString("session:") },
      authentication_mode: [{ type: "iam" }],
    },
    "aws_elasticache_user_group.users": { id: "users", user_group_id: "users", user_ids: ["app"] },
    "aws_elasticache_replication_group.cache": {
      ...{ id: "cache", arn: CACHE_ARN, port: 6379, primary_endpoint_address: "master.cache.example.com" },
      ...{ security_group_ids: ["sg-cache"], user_group_ids: ["users"] },
    },
    [`${INGRESS}.cache`]: rule("sg-cache", 6379, from(client)),
    [`${EGRESS}.cache`]: rule(client, 6379, from("sg-cache")),
    "aws_iam_role.app": { id: "role", name: "role", arn: "arn:aws:iam::123456789012:role/role" },
    "aws_iam_role_policy.connect": {
      role: "role",
      policy: JSON.stringify({
        Statement: [{ Effect: "Allow", Action: "elasticache:Connect", Resource: [CACHE_ARN, USER_ARN] }],
      }),
    },
  };
}

/** A load balancer in front of members of the group `web`. */
function loadBalancer(appPort: number): Stack {
  return {
    ...groups("alb", "web"),
    "aws_subnet.public": { id: "subnet-public", cidr_block: "10.0.0.0/24" },
    "aws_subnet.private": { id: "subnet-private", cidr_block: "10.0.1.0/24" },
    "aws_internet_gateway.gateway": { id: "igw-1" },
    "aws_route_table.public": { id: "rtb-public" },
    "aws_route_table_association.public": { id: "a", subnet_id: "subnet-public", route_table_id: "rtb-public" },
    "aws_route.public": {
      id: "r",
      route_table_id: "rtb-public",
      destination_cidr_block: "0.0.0.0/0",
      gateway_id: "igw-1",
    },
    "aws_lb.alb": { id: "alb", arn: "alb", security_groups: ["sg-alb"], subnets: ["subnet-public"] },
    "aws_lb_listener.http": {
      ...{ id: "http", arn: "http", load_balancer_arn: "alb", port: 80 },
      default_action: [{ type: "forward", target_group_arn: "targets" }],
    },
    "aws_lb_target_group.web": { id: "targets", arn: "targets", port: appPort },
    [`${INGRESS}.visitors`]: rule("sg-alb", 80, anywhere),
    [`${INGRESS}.web`]: rule("sg-web", appPort, from("sg-alb")),
    [`${EGRESS}.web`]: rule("sg-alb", appPort, from("sg-web")),
  };
}

/** A service of ECS behind a load balancer. */
export function ecs(): Stack {
  const environment = [
    { name: "REDIS_USER", value: "app" },
    { name: "REDIS_CLUSTER_ENDPOINT", value: "master.cache.example.com:6379" },
  ];
  const portMappings = [{ containerPort: 5000, hostPort: 5000 }];
  return {
    ...loadBalancer(5000),
    ...cache("sg-web"),
    "aws_ecs_task_definition.web": {
      ...{ id: "task", arn: "task:1", task_role_arn: "arn:aws:iam::123456789012:role/role" },
      container_definitions: JSON.stringify([{ name: "app", environment, portMappings }]),
    },
    "aws_ecs_service.web": {
      ...{ id: "service", name: "web", task_definition: "task:1", desired_count: 1 },
      network_configuration: [{ security_groups: ["sg-web"], subnets: ["subnet-private"] }],
      load_balancer: [{ target_group_arn: "targets", container_name: "app", container_port: 5000 }],
    },
  };
}

/** Instances of a group behind a load balancer. */
export function fleet(): Stack {
  return {
    ...loadBalancer(8080),
    ...cache("sg-web"),
    "aws_iam_instance_profile.web": { id: "profile", name: "profile", role: "role" },
    "aws_launch_template.web": {
      ...{ id: "lt-1", name: "web", iam_instance_profile: [{ name: "profile", arn: "" }] },
      network_interfaces: [{ security_groups: ["sg-web"] }],
      user_data: Buffer.from("REDIS_CLUSTER_ENDPOINT=master.cache.example.com:6379").toString("base64"),
    },
    "aws_autoscaling_group.web": {
      ...{ id: "web", name: "web", launch_template: [{ id: "lt-1" }], target_group_arns: ["targets"] },
      vpc_zone_identifier: ["subnet-private"],
    },
  };
}

/** One instance with a public address. */
export function instance(): Stack {
  const { "aws_route.public": route, "aws_internet_gateway.gateway": gateway, ...rest } = loadBalancer(80);
  return {
    ...groups("web"),
    ...cache("sg-web"),
    ...{ "aws_route.public": route ?? {}, "aws_internet_gateway.gateway": gateway ?? {} },
    "aws_subnet.public": rest["aws_subnet.public"] ?? {},
    "aws_route_table.public": rest["aws_route_table.public"] ?? {},
    "aws_route_table_association.public": rest["aws_route_table_association.public"] ?? {},
    "aws_iam_instance_profile.web": { id: "profile", name: "profile", role: "role" },
    "aws_instance.web": {
      ...{ id: "i-1", public_ip: "192.0.2.1", subnet_id: "subnet-public", iam_instance_profile: "profile" },
      vpc_security_group_ids: ["sg-web"],
    },
    [`${INGRESS}.visitors`]: rule("sg-web", 80, anywhere),
  };
}

/** A function behind an HTTP API, with a serverless cache. */
export function lambda(): Stack {
  const { "aws_elasticache_replication_group.cache": _, ...rest } = cache("sg-function");
  return {
    ...groups("function"),
    ...rest,
    "aws_elasticache_serverless_cache.cache": {
      ...{ id: "cache", arn: CACHE_ARN, endpoint: [{ address: "cache.example.com", port: 6379 }] },
      ...{ security_group_ids: ["sg-cache"], user_group_id: "users" },
    },
    "aws_apigatewayv2_api.api": { id: "api", execution_arn: "arn:aws:execute-api:eu-west-1:123456789012:api" },
    "aws_apigatewayv2_stage.default": { id: "$default", api_id: "api" },
    "aws_apigatewayv2_route.default": { id: "route", api_id: "api", target: "integrations/int" },
    "aws_apigatewayv2_integration.web": { id: "int", api_id: "api", integration_uri: "arn:invoke" },
    "aws_lambda_function.web": {
      ...{ id: "web", function_name: "web", arn: "arn:function", invoke_arn: "arn:invoke" },
      role: "arn:aws:iam::123456789012:role/role",
      vpc_config: [{ security_group_ids: ["sg-function"], subnet_ids: [] }],
      environment: [{ variables: { REDIS_ENDPOINT: "cache.example.com:6379", REDIS_USER: "app" } }],
    },
    "aws_lambda_permission.api": {
      ...{ id: "p", function_name: "web", principal: "apigateway.amazonaws.com", action: "lambda:InvokeFunction" },
      source_arn: "arn:aws:execute-api:eu-west-1:123456789012:api/*/*",
    },
  };
}

/** The plan from one stack to another; an attribute that is undefined is known only after apply. */
export function planned(before: Stack, after: Stack): Planned[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((address) => {
    const [was, is] = [before[address], after[address]];
    const later = Object.entries(is ?? {}).filter(([, value]) => value === undefined);
    const unknown = Object.fromEntries(later.map(([name]) => [name, true]));
    return {
      address,
      ...(was && { before: was }),
      ...(is && { after: is }),
      ...(later.length > 0 && { unknown }),
    };
  });
}

/** The stack without some resources. */
export function without(stack: Stack, ...addresses: readonly string[]): Stack {
  return Object.fromEntries(Object.entries(stack).filter(([address]) => !addresses.includes(address)));
}

/** The stack with other attributes of a resource. */
export function edited(stack: Stack, address: string, attributes: Attributes): Stack {
  return { ...stack, [address]: { ...stack[address], ...attributes } };
}
