import { synthesizeStack } from "../synthesized/program";

const others = {
  allowedPrefixLists: { company: "pl-0123456789abcdef0" },
  allowedSecurityGroups: { office: "sg-0123456789abcdef0" },
};

describe("the fleet's settings", () => {
  const certificateArn = `arn:aws:acm:ap-northeast-1:123456789012:certificate/${"0".repeat(36)}`;
  const allowedCidrs = ["203.0.113.0/24"];

  it("are those of its stack, which says where the app and its load balancer answer", () => {
    const fleet = {
      certificateArn,
      domainName: "app.example.com",
      minInstances: 3,
      maxInstances: 9,
      cpuPercent: 70,
      requestsPerMinute: 600,
      publicAddresses: true,
      deletionProtection: true,
      accessLogsBucket: "logs",
    };
    const stack = synthesizeStack({ ec2: { allowedCidrs, instanceType: "t4g.medium", fleet } });
    expect(stack.json.output?.url?.value).toBe("https://app.example.com");
    expect(stack.json.output?.load_balancer_dns?.value).toMatch(/^\$\{aws_lb\..*\.dns_name}$/);
    expect(stack.json.resource).not.toHaveProperty("aws_instance");
    expect(stack.the("aws_autoscaling_group")).toMatchObject({ min_size: 3, max_size: 9 });
    expect(stack.the("aws_launch_template").instance_type).toBe("t4g.medium");
    expect(stack.the("aws_lb")).toMatchObject({ enable_deletion_protection: true, access_logs: { bucket: "logs" } });
    const targets = Object.values(stack.all("aws_autoscaling_policy"));
    expect(targets.map((policy) => policy.target_tracking_configuration.target_value).sort()).toEqual([600, 70]);
    expect(stack.at("aws_cloudwatch_metric_alarm", "web-alarms_app-unhealthy").alarm_name).toContain("session-ec2-web");
  });

  it("admit prefix lists and security groups, in place of blocks too", () => {
    const stack = synthesizeStack({ ec2: { ...others, fleet: { http: true } } });
    const into = Object.values(stack.all("aws_vpc_security_group_ingress_rule")).filter((r) => r.from_port === 80);
    expect(into).toHaveLength(2);
    expect(into.find(({ prefix_list_id }) => prefix_list_id)?.prefix_list_id).toBe("pl-0123456789abcdef0");
    expect(into.find((r) => r.referenced_security_group_id)?.referenced_security_group_id).toBe("sg-0123456789abcdef0");
    expect(stack.the("aws_lb").internal).toBe(false);
  });
});

test("one instance admits the same prefix lists and security groups", () => {
  const stack = synthesizeStack({ ec2: others });
  const into = Object.entries(stack.all("aws_vpc_security_group_ingress_rule")).filter(
    ([, { from_port }]) => from_port === 5000,
  );
  expect(into.map(([address, { cidr_ipv4 }]) => [address.replace(/_[0-9A-F]{8}$/, ""), cidr_ipv4]).sort()).toEqual([
    ["visitors_office_into-web-security-group-tcp-5000", undefined],
    ["web_security-group_from-company-tcp-5000", undefined],
  ]);
});
