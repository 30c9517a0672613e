import { LaunchType } from "../../../modules/ecs";
import { Nat } from "../../../modules/network";
import type { Block, Synthesized } from "../../synthesized";
import { containers, HTTP, HTTPS, IMAGE, type Props, synthesized } from "./stack";

const EC2: Props = { ...HTTP, launchType: LaunchType.EC2 };

function services(s: Synthesized): Block[] {
  return [1, 2].map((key) => s.at("aws_ecs_service", `web_service-${key}`));
}

/** The rules of a security group, in or out. */
function rules(s: Synthesized, type: "ingress" | "egress", group: string): Block[] {
  return Object.values(s.all(`aws_vpc_security_group_${type}_rule`)).filter(({ security_group_id }) =>
    security_group_id.includes(`aws_security_group.${group}`),
  );
}

describe("creates valid Terraform", () => {
  it.each([
    ["on Fargate with a certificate", HTTPS],
    ["on instances over plain http", EC2],
  ])("matches the snapshot of what there is %s", (_, props) => {
    expect(synthesized(props).counts()).toMatchSnapshot();
  });

  it("sends /1 and what is below to service 1, /2 to service 2, and everything else to 1", () => {
    const s = synthesized(HTTP);
    const group = (key: number) => expect.stringContaining(`aws_lb_target_group.web_target-${key}_`);
    expect(s.the("aws_lb_listener").default_action).toEqual([
      expect.objectContaining({ type: "forward", target_group_arn: group(1) }),
    ]);
    for (const key of [1, 2]) {
      expect(s.at("aws_lb_listener_rule", `path-${key}`)).toMatchObject({
        condition: [{ path_pattern: { values: [`/${key}`, `/${key}/*`] } }],
        action: [{ type: "forward", target_group_arn: group(key) }],
      });
      expect(services(s)[key - 1]?.load_balancer).toEqual([
        { container_name: "app", container_port: 5000, target_group_arn: group(key) },
      ]);
    }
    const priorities = Object.values(s.all("aws_lb_listener_rule")).map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(2);
  });

  it("redirects plain http when there is a certificate, and serves by https", () => {
    const s = synthesized(HTTPS);
    expect(s.at("aws_lb_listener", "port-80").default_action[0].type).toBe("redirect");
    const { listener_arn } = s.at("aws_lb_listener_rule", "path-2");
    expect(listener_arn).toContain("port-443");
  });

  it("moves no address and no priority when a service is added", () => {
    const two = synthesized(HTTP);
    const admin = { key: "admin", paths: ["/admin/*"] };
    const three = synthesized({
      ...HTTP,
      services: [{ key: "1", paths: ["/1", "/1/*"] }, admin, { key: "2", paths: ["/2", "/2/*"] }],
    });
    for (const [type, blocks] of Object.entries(two.resources())) {
      expect(Object.keys(three.all(type))).toEqual(expect.arrayContaining(Object.keys(blocks)));
    }
    expect(three.all("aws_lb_listener_rule")).toMatchObject(two.all("aws_lb_listener_rule"));
  });

  it("serves everything by one service without paths", () => {
    const s = synthesized({ ...HTTP, services: [{ key: "web", paths: [] }] });
    expect(s.all("aws_lb_listener_rule")).toEqual({});
    expect(s.the("aws_ecs_service").name).toBe("session-test-web-service-web");
  });
});

describe("on Fargate", () => {
  it("gives each task an address in the private subnets, and none in the internet", () => {
    const s = synthesized(HTTP);
    for (const service of services(s)) {
      expect(service.launch_type).toBe("FARGATE");
      expect(service.network_configuration).toEqual({
        assign_public_ip: false,
        security_groups: [expect.stringContaining("web_security-group")],
        subnets: [expect.stringContaining("private-a"), expect.stringContaining("private-c")],
      });
    }
    expect(s.at("aws_ecs_task_definition", "service-1")).toMatchObject({
      network_mode: "awsvpc",
      requires_compatibilities: ["FARGATE"],
      runtime_platform: { cpu_architecture: "ARM64" },
      cpu: "512",
      memory: "1024",
    });
    expect(s.at("aws_lb_target_group", "target-1").target_type).toBe("ip");
  });

  it("lets in the load balancer on the app's port, and no other source", () => {
    const s = synthesized(HTTP);
    expect(rules(s, "ingress", "web_security-group")).toEqual([
      expect.objectContaining({
        from_port: 5000,
        to_port: 5000,
        referenced_security_group_id: expect.stringContaining("web_alb_security-group"),
      }),
    ]);
  });

  it("without NAT pulls its own image through endpoints, and reaches nothing else", () => {
    const s = synthesized({ ...HTTP, image: IMAGE, zones: { nat: Nat.NONE } });
    const names = Object.values(s.all("aws_vpc_endpoint")).map(({ service_name }) => service_name);
    expect(names.map((name) => name.replace("com.amazonaws.ap-northeast-1.", "")).sort()).toEqual([
      "dynamodb",
      "ecr.api",
      "ecr.dkr",
      "logs",
      "s3",
      "secretsmanager",
    ]);
    expect(rules(s, "egress", "web_security-group").filter(({ cidr_ipv4 }) => cidr_ipv4 !== undefined)).toEqual([]);
    const endpoints = Object.keys(s.all("aws_vpc_endpoint")).map((address) => `aws_vpc_endpoint.${address}`);
    for (const service of services(s)) expect(service.depends_on).toEqual(expect.arrayContaining(endpoints));
  });

  it("reaches public registries by NAT even where AWS is reached by endpoints alone", () => {
    const s = synthesized({ ...HTTP, zones: { nat: Nat.SINGLE, privateAwsAccess: true } });
    expect(rules(s, "egress", "web_security-group")).toContainEqual(
      expect.objectContaining({ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443 }),
    );
  });
});

describe("on instances", () => {
  it("gives each task a port of its own, open to the load balancer for exactly Docker's range", () => {
    const s = synthesized(EC2);
    expect(s.at("aws_ecs_task_definition", "service-1")).toMatchObject({
      network_mode: "bridge",
      requires_compatibilities: ["EC2"],
    });
    expect(containers(s).app?.portMappings).toEqual([{ containerPort: 5000, hostPort: 0, protocol: "tcp" }]);
    expect(s.at("aws_lb_target_group", "target-1").target_type).toBe("instance");
    const range = { from_port: 32_768, to_port: 61_000, ip_protocol: "tcp" };
    expect(rules(s, "ingress", "web_security-group")).toEqual([
      expect.objectContaining({
        ...range,
        referenced_security_group_id: expect.stringContaining("web_alb_security-group"),
      }),
    ]);
    expect(rules(s, "egress", "web_alb_security-group")).toEqual([expect.objectContaining(range)]);
  });

  it("has instances that join the cluster, are emptied before they leave, and may not run privileged containers", () => {
    const s = synthesized(EC2);
    const group = s.the("aws_autoscaling_group");
    expect(group).toMatchObject({ min_size: 2, max_size: 4, health_check_type: "EC2" });
    expect(group).toMatchObject({ protect_from_scale_in: true, force_delete: true });
    expect(group.instance_refresh.preferences.scale_in_protected_instances).toBe("Refresh");
    expect(group.tag).toContainEqual({ key: "AmazonECSManaged", value: "", propagate_at_launch: true });
    expect(s.all("aws_autoscaling_policy")).toEqual({});
    expect(s.the("aws_ecs_capacity_provider").auto_scaling_group_provider).toMatchObject({
      managed_draining: "ENABLED",
      managed_termination_protection: "ENABLED",
      managed_scaling: { status: "ENABLED", target_capacity: 100 },
    });
    const userData = Object.values(s.json.locals ?? {}).find((local) => local.startsWith("#!")) ?? "";
    expect(userData).toMatch(/^ECS_CLUSTER=\$\{aws_ecs_cluster\.web_cluster_\w+\.name}$/m);
    expect(userData).toMatch(/^ECS_DISABLE_PRIVILEGED=true$/m);
    expect(s.the("aws_launch_template").metadata_options).toMatchObject({ http_put_response_hop_limit: 1 });
    expect(Object.values(s.json.data?.aws_ssm_parameter ?? {})[0]?.name).toBe(
      "/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id",
    );
  });

  it("spreads tasks over zones, then over instances, by the capacity provider", () => {
    for (const service of services(synthesized(EC2))) {
      expect(service.ordered_placement_strategy).toEqual([
        { type: "spread", field: "attribute:ecs.availability-zone" },
        { type: "spread", field: "instanceId" },
      ]);
      expect(service.availability_zone_rebalancing).toBe("ENABLED");
      expect(service.launch_type).toBeUndefined();
      expect(service.capacity_provider_strategy).toEqual([
        { capacity_provider: expect.stringContaining("aws_ecs_capacity_provider.web_instances"), weight: 1 },
      ]);
      expect(service.depends_on).toContainEqual(expect.stringMatching(/^aws_ecs_cluster_capacity_providers\./));
    }
  });

  it("forbids new privileges, which Fargate does not know", () => {
    expect(containers(synthesized(EC2)).app?.dockerSecurityOptions).toEqual(["no-new-privileges"]);
    expect(containers(synthesized(HTTP)).app?.dockerSecurityOptions).toBeUndefined();
  });

  it("has no key pair and no port 22, unless SSH is asked for", () => {
    const open = (props: Props) =>
      rules(synthesized({ ...EC2, ...props }), "ingress", "web_security-group").map(({ cidr_ipv4, from_port }) => ({
        cidr_ipv4,
        from_port,
      }));
    const key = (props: Props) => synthesized({ ...EC2, ...props }).the("aws_launch_template").key_name;
    const through: Props = { ssh: { keyName: "mine" } };
    const direct: Props = { ssh: { keyName: "mine", cidrs: ["10.8.0.0/16"] } };
    expect([key({}), key(through), key(direct)]).toEqual([undefined, "mine", "mine"]);
    const fromLoadBalancer = { from_port: 32_768 };
    for (const props of [{}, through]) expect(open(props)).toEqual([fromLoadBalancer]);
    expect(open(direct)).toEqual(
      expect.arrayContaining([fromLoadBalancer, { cidr_ipv4: "10.8.0.0/16", from_port: 22 }]),
    );
  });

  it("lets instances reach the cache, for redis-cli in their shells", () => {
    const s = synthesized(EC2);
    const { network_interfaces } = s.the("aws_launch_template");
    const [group] = network_interfaces[0].security_groups;
    expect(rules(s, "ingress", "redis_security-group")).toEqual([
      expect.objectContaining({ from_port: 6379, referenced_security_group_id: group }),
    ]);
  });

  it("hands the agent's services and Session Manager to the network", () => {
    const s = synthesized({ ...EC2, image: IMAGE, zones: { nat: Nat.NONE } });
    const names = Object.values(s.all("aws_vpc_endpoint")).map(({ service_name }) => service_name.split("-1.")[1]);
    expect(names).toEqual(expect.arrayContaining(["ecs", "ecs-agent", "ecs-telemetry", "ssm", "ssmmessages"]));
  });
});

describe("a service", () => {
  it("rolls back what does not come up, and gives leaving tasks time for their requests", () => {
    const s = synthesized(HTTP);
    for (const service of services(s)) {
      expect(service).toMatchObject({
        desired_count: 2,
        deployment_minimum_healthy_percent: 100,
        deployment_maximum_percent: 200,
        deployment_circuit_breaker: { enable: true, rollback: true },
        health_check_grace_period_seconds: 60,
        enable_execute_command: false,
        wait_for_steady_state: true,
      });
    }
    expect(s.at("aws_lb_target_group", "target-1").deregistration_delay).toBe("60");
    // The drain, the longest request, and the end of the process.
    expect(containers(s).app?.stopTimeout).toBe(5 + 30 + 5);
  });

  it("scales by processor time, and by requests if asked; Terraform says nothing about the number then", () => {
    const s = synthesized({ ...HTTP, scaling: { cpuPercent: 40, requestsPerMinute: 600 } });
    expect(s.at("aws_appautoscaling_target", "service-2")).toMatchObject({ min_capacity: 2, max_capacity: 4 });
    const policy = (part: string) =>
      s.at("aws_appautoscaling_policy", `service-2_scaling_${part}`).target_tracking_scaling_policy_configuration;
    expect(policy("cpu")).toMatchObject({
      target_value: 40,
      predefined_metric_specification: { predefined_metric_type: "ECSServiceAverageCPUUtilization" },
    });
    expect(policy("requests").predefined_metric_specification.resource_label).toMatch(
      /^\$\{aws_lb\.web_alb_.*\.arn_suffix}\/\$\{aws_lb_target_group\.web_target-2_.*\.arn_suffix}$/,
    );
    for (const service of services(s)) expect(service.lifecycle.ignore_changes).toEqual(["desired_count"]);
  });

  it("that does not scale is kept at its number by Terraform", () => {
    const s = synthesized({ ...HTTP, services: [{ key: "web", paths: [], minTasks: 3, maxTasks: 3 }] });
    expect(s.the("aws_ecs_service")).toMatchObject({ desired_count: 3 });
    expect(s.the("aws_ecs_service").lifecycle.ignore_changes).toBeUndefined();
    expect(s.all("aws_appautoscaling_target")).toEqual({});
  });

  it("does not wait for its tasks, when asked", () => {
    const [service] = services(synthesized({ ...HTTP, waitForSteadyState: false }));
    expect(service?.wait_for_steady_state).toBe(false);
    expect(service?.lifecycle).toEqual({ ignore_changes: ["desired_count"] });
  });

  it("fails a deploy that ECS rolled back", () => {
    const [service] = services(synthesized(HTTP));
    expect(service?.lifecycle.postcondition[0].condition).toMatch(
      /^\$\{\(?self\.task_definition == aws_ecs_task_definition\.web_service-1_task_definition_\w+\.arn\)?}$/,
    );
  });

  it.each([
    ["the route to the NAT", /^aws_route\.network_private_default/],
    ["the association of that route", /^aws_route_table_association\.network_private-c/],
    ["the bundle", /^aws_s3_object\.app_bundle/],
    ["the right to read the bundle", /^aws_iam_role_policy\.web_roles_task_read-app-bundle/],
    ["the secret's value", /^aws_secretsmanager_secret_version\.app_secret-key/],
    ["the right to read the secret", /^aws_iam_role_policy\.web_roles_task_read-secrets-app/],
    ["the right to log in to Redis", /^aws_iam_role_policy\.web_roles_task_connect-redis/],
    ["the right to write its log", /^aws_iam_role_policy\.web_roles_start-tasks/],
    ["the way out", /^aws_vpc_security_group_egress_rule\.web_security-group_to-0-0-0-0-0-tcp-443/],
    ["the way in for the load balancer", /^aws_vpc_security_group_ingress_rule\.web_alb_security-group_into-web/],
    ["the load balancer's way to it", /^aws_vpc_security_group_egress_rule\.web_alb_security-group_to-web/],
    ["the listener", /^aws_lb_listener\.web_alb/],
    ["its rule", /^aws_lb_listener_rule\.web_alb_listeners_path-2/],
    ["the way into Redis", /^aws_vpc_security_group_ingress_rule\..*redis-security-group-tcp-6379/],
    ["the way out to Redis", /^aws_vpc_security_group_egress_rule\..*redis-security-group-tcp-6379/],
  ])("starts after %s", (_what, address) => {
    for (const props of [HTTP, EC2]) {
      for (const service of services(synthesized(props))) {
        expect(service.depends_on).toContainEqual(expect.stringMatching(address));
      }
    }
  });
});
