import { refusal, synthesizeProgram, synthesizeStack } from "../synthesized/program";

describe("the settings of session-ecs", () => {
  const allowedCidrs = ["203.0.113.0/24"];

  it("are those of its stack, which says where the app answers and how to look into its store", () => {
    const certificateArn = `arn:aws:acm:ap-northeast-1:123456789012:certificate/${"0".repeat(36)}`;
    const ecs = {
      certificateArn,
      domainName: "app.example.com",
      launchType: "EC2",
      services: [{ key: "shop", paths: [], minTasks: 3, maxTasks: 9 }],
      instances: { instanceType: "m7g.large", minInstances: 3 },
      cpu: 1024,
      memoryMib: 2048,
      cpuPercent: 70,
      requestsPerMinute: 600,
      logRetentionDays: 30,
      containerInsights: "enhanced",
      executeCommand: true,
      readonlyRootFilesystem: false,
      waitForSteadyState: false,
      accessLogsBucket: "logs",
      repository: { forceDelete: false, keptImages: 5 },
    };
    const stack = synthesizeStack({ ecs }, "session-ecs");
    expect(stack.json.output?.url?.value).toBe("https://app.example.com");
    expect(stack.json.output?.inspect_command?.value).toMatch(/^aws ecs run-task /);
    expect(stack.json.output?.inspect_log_command?.value).toMatch(/^aws logs tail /);
    expect(stack.json.output?.image_repository?.value).toMatch(/^\$\{aws_ecr_repository\..*\.repository_url}$/);
    expect(stack.the("aws_ecs_service")).toMatchObject({
      desired_count: 3,
      wait_for_steady_state: false,
      enable_execute_command: true,
    });
    expect(stack.the("aws_appautoscaling_target").max_capacity).toBe(9);
    expect(Object.keys(stack.all("aws_appautoscaling_policy"))).toHaveLength(2);
    expect(stack.at("aws_ecs_task_definition", "service-shop")).toMatchObject({ cpu: "1024", memory: "2048" });
    expect(stack.the("aws_launch_template").instance_type).toBe("m7g.large");
    expect(stack.the("aws_autoscaling_group")).toMatchObject({ min_size: 3, max_size: 6 });
    expect(stack.the("aws_ecs_cluster").setting).toEqual([{ name: "containerInsights", value: "enhanced" }]);
    expect(stack.at("aws_cloudwatch_log_group", "web_logs").retention_in_days).toBe(30);
    expect(stack.the("aws_lb").access_logs).toMatchObject({ bucket: "logs" });
    expect(stack.the("aws_ecr_repository").force_delete).toBe(false);
    expect(stack.at("aws_cloudwatch_metric_alarm", "web-alarms_service-shop-unhealthy")).toBeDefined();
    expect(stack.at("aws_cloudwatch_metric_alarm", "service-alarms_service-shop-tasks").threshold).toBe(3);
  });

  it("put an internal load balancer into a network of private subnets alone", () => {
    const subnet = (n: number) => ({ subnetId: `subnet-0123456789abcdef${n}`, cidr: `100.64.${n}.0/24` });
    const existingNetwork = {
      vpcId: "vpc-0123456789abcdef0",
      cidrs: ["10.0.0.0/16", "100.64.0.0/16"],
      privateSubnets: { a: subnet(1), c: subnet(2) },
      privateSubnetsReachInternet: true,
    };
    const left = { availabilityZones: null, vpcCidr: null };
    const ecs = { http: true, internal: true, allowedPrefixLists: { company: "pl-01234567" } };
    const stack = synthesizeStack({ ...left, existingNetwork, ecs }, "session-ecs");
    expect(stack.the("aws_lb")).toMatchObject({ internal: true, subnets: [subnet(1).subnetId, subnet(2).subnetId] });
    const into = Object.values(stack.all("aws_vpc_security_group_ingress_rule")).filter((r) => r.from_port === 80);
    expect(into).toMatchObject([{ prefix_list_id: "pl-01234567" }]);
  });

  it("give the instances a key pair and, from named networks, port 22; Fargate has no instances", () => {
    const ssh = { keyName: "mine", allowedCidrs: ["10.8.0.0/16"] };
    const on = (launchType: string) => ({ ecs: { http: true, allowedCidrs, launchType, ssh } });
    const stack = synthesizeStack(on("EC2"), "session-ecs");
    expect(stack.the("aws_launch_template").key_name).toBe("mine");
    const into = Object.values(stack.all("aws_vpc_security_group_ingress_rule")).filter((r) => r.from_port === 22);
    expect(into).toMatchObject([{ cidr_ipv4: "10.8.0.0/16" }]);
    expect(refusal(on("FARGATE"), "session-ecs")).toMatch(/^ecs\.ssh: got a value with launchType FARGATE/);
  });

  it("bring the way out that public images need, unless an image and no way is asked for", () => {
    expect(synthesizeStack({}, "session-ecs").the("aws_nat_gateway")).toBeDefined();
    expect(synthesizeStack({}).json.resource).not.toHaveProperty("aws_nat_gateway");
    const image = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/session-ecs-images:0123456789abcdef-arm64";
    const own = synthesizeStack({ nat: "none", ecs: { http: true, allowedCidrs, image } }, "session-ecs");
    expect(own.json.resource).not.toHaveProperty("aws_nat_gateway");
    expect(refusal({ nat: "none" }, "session-ecs")).toMatch(
      /^ecs\.image, nat: got none in subnets without .* Fix: .*nat.*$/,
    );
  });

  it("roll a deployment back by the alarm on the app's errors, which is there before the services; by none without alarms", () => {
    const services = (settings: object) =>
      Object.values(synthesizeStack(settings, "session-ecs").all("aws_ecs_service")).map(({ alarms }) => alarms);
    const [first, second, ...others] = services({});
    expect(first).toEqual({
      alarm_names: [
        expect.stringMatching(/^\$\{aws_cloudwatch_metric_alarm\.web-alarms_app-5xx_alarm_\w+\.alarm_name}$/),
      ],
      enable: true,
      rollback: true,
    });
    expect([second, others]).toEqual([first, []]);
    const off = { alarm_names: [], enable: false, rollback: false };
    expect(services({ alarms: null })).toEqual([off, off]);
  });

  it("name the images that the app runs on, as those of a pull-through cache", () => {
    const cache = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/ecr-public";
    const node = `${cache}/docker/library/node@sha256:${"0".repeat(64)}`;
    const stack = synthesizeStack({ ecs: { http: true, allowedCidrs, baseImages: { node } } }, "session-ecs");
    const { container_definitions } = stack.at("aws_ecs_task_definition", "service-1");
    expect(JSON.parse(container_definitions).map(({ image }: { image: string }) => image)).toEqual([
      expect.stringMatching(/^public\.ecr\.aws\/aws-cli\//),
      node,
    ]);
    expect(refusal({ ecs: { http: true, allowedCidrs, baseImages: { node: "node" } } }, "session-ecs")).toMatch(
      /^ecs\.baseImages\.node: got "node", allowed: an image with a tag other than latest, or with a digest/,
    );
  });

  it("null leave the stack out, and refuse its name", () => {
    expect([...synthesizeProgram({ ecs: null }).keys()]).not.toContain("session-ecs");
    expect(refusal({ ecs: null }, "session-ecs")).toBe("ecs: got null, takes an object for the stack session-ecs");
  });
});
