import { TerraformOutput } from "cdktf";
import { readEnvironment } from "../../../environment";
import { Ec2Fleet, Ec2Topology } from "../../../modules/ec2";
import { CpuCredits } from "../../../modules/instances";
import { Nat, Network, type NetworkProps } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { type Block, type Synthesized, synthesize } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";
import { decodeScript, fleet, HTTP, HTTPS, type Props, synthesized } from "./fleet";

/** The environment as the app reads it, with what AWS will say in place of Terraform's references. */
function parseEnvironment(props: Props): Record<string, string> {
  const [, file = ""] = /END_OF_ENVIRONMENT'\n(.*?)\nEND_OF_ENVIRONMENT/s.exec(decodeScript(synthesized(props))) ?? [];
  const filled = file
    .replace(/\$\{[^}]*primary_endpoint_address}/, "redis.example.com")
    .replace(/\$\{[^}]*secret[^}]*arn}/, "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:key-AbCdEf");
  return Object.fromEntries(
    filled.split("\n").map((line) => {
      const [name = "", value = ""] = line.split(/=(.*)/s);
      return [name, value.slice(1, -1)];
    }),
  );
}

/** Rules of a group by direction: who may connect where. */
function rules(type: "ingress" | "egress", group: string, props: Props): Block[] {
  return Object.values(synthesized(props).all(`aws_vpc_security_group_${type}_rule`)).filter(({ security_group_id }) =>
    security_group_id.includes(group),
  );
}

describe("creates valid Terraform", () => {
  it("matches the snapshot of what there is", () => {
    expect(synthesized(HTTPS).counts()).toMatchSnapshot();
  });

  it("is in the private subnets of all zones, without an address", () => {
    const s = synthesized(HTTP);
    expect(s.the("aws_autoscaling_group").vpc_zone_identifier).toEqual([
      expect.stringContaining("network_private-a"),
      expect.stringContaining("network_private-c"),
    ]);
    expect(s.the("aws_launch_template").network_interfaces[0].associate_public_ip_address).toBe("false");
  });

  it("is in public subnets with addresses when the caller says so", () => {
    const s = synthesized({ ...HTTP, zones: {}, publicAddresses: true });
    expect(s.the("aws_autoscaling_group").vpc_zone_identifier).toEqual([
      expect.stringContaining("network_public-a"),
      expect.stringContaining("network_public-c"),
    ]);
    expect(s.the("aws_launch_template").network_interfaces[0].associate_public_ip_address).toBe("true");
    expect(Object.keys(s.all("aws_vpc_endpoint"))).toHaveLength(2);
  });

  it("without NAT reaches what it calls, and nothing else, by endpoints", () => {
    const s = synthesized({ ...HTTP, zones: { nat: Nat.NONE } });
    const services = Object.values(s.all("aws_vpc_endpoint")).map(({ service_name }) => service_name.split(".").at(-1));
    expect(services.sort()).toEqual(["autoscaling", "dynamodb", "logs", "s3", "secretsmanager", "ssm", "ssmmessages"]);
    const [[autoscaling] = [""]] = Object.entries(s.all("aws_vpc_endpoint")).filter(([a]) => a.includes("autoscaling"));
    expect(s.the("aws_autoscaling_group").depends_on).toContain(`aws_vpc_endpoint.${autoscaling}`);
    const blocks = rules("egress", "web_security-group", { ...HTTP, zones: { nat: Nat.NONE } });
    expect(blocks.filter(({ cidr_ipv4 }) => cidr_ipv4 !== undefined)).toEqual([]);
  });

  it("sends its logs to a group of its own, with the right to write to that group alone", () => {
    const s = synthesized(HTTP);
    const [[address = "", group] = []] = Object.entries(s.all("aws_cloudwatch_log_group")).filter(([a]) =>
      a.startsWith("web_logs"),
    );
    expect(group).toMatchObject({ name: "/ec2/session-test-web-logs", retention_in_days: 14 });
    expect(decodeScript(s)).toContain(`"log_group_name":"\${aws_cloudwatch_log_group.${address}.name}"`);
    expect(JSON.parse(s.at("aws_iam_role_policy", "web_role_write-logs").policy).Statement).toEqual([
      {
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: `\${aws_cloudwatch_log_group.${address}.arn}:*`,
      },
    ]);
  });

  it("keeps its logs on the instances when the caller says so", () => {
    const s = synthesized({ ...HTTP, logs: false, zones: { nat: Nat.NONE } });
    const text = JSON.stringify(s.json);
    expect(text).not.toMatch(/web_logs|amazon-cloudwatch-agent|write-logs|\.logs"/);
  });

  it("refuses a retention that CloudWatch Logs does not accept", () => {
    expect(() => synthesized({ ...HTTP, logRetentionDays: 15 })).toThrow(/logRetentionDays: got 15, allowed: 1, 3, 5/);
  });

  it("lets in the load balancer on the app's port, and no other source", () => {
    const [only, ...more] = rules("ingress", "aws_security_group.web_security-group", HTTP);
    expect(only).toMatchObject({ from_port: 5000, to_port: 5000, ip_protocol: "tcp" });
    expect(only?.referenced_security_group_id).toContain("web_alb_security-group");
    expect(more).toEqual([]);
    expect(rules("egress", "web_alb_security-group", HTTP)).toEqual([
      expect.objectContaining({
        from_port: 5000,
        to_port: 5000,
        referenced_security_group_id: expect.stringContaining("aws_security_group.web_security-group"),
      }),
    ]);
  });

  it("balances over instances by the app's health page, and gives leaving ones time for their requests", () => {
    expect(synthesized(HTTP).the("aws_lb_target_group")).toMatchObject({
      target_type: "instance",
      port: 5000,
      deregistration_delay: "60",
      health_check: { path: "/healthz" },
    });
  });

  it.each([
    { props: HTTP, publicScheme: "http", publicOrigin: undefined },
    { props: HTTPS, publicScheme: "https", publicOrigin: undefined },
    {
      props: { ...HTTPS, domainName: "app.example.com" },
      publicScheme: "https",
      publicOrigin: "https://app.example.com",
    },
  ])("tells the app how visitors see it: $publicScheme, $publicOrigin", ({ props, publicScheme, publicOrigin }) => {
    expect(readEnvironment(parseEnvironment(props))).toMatchObject({
      publicScheme,
      publicOrigin,
      trustProxy: 1,
      drainSeconds: 5,
    });
  });

  it("says where the app answers", () => {
    const s = synthesize((stack) => {
      new TerraformOutput(stack, "url", { value: fleet(stack, { ...HTTPS, domainName: "app.example.com" }).url });
    });
    expect(s.json.output?.url?.value).toBe("https://app.example.com");
  });

  it("fits the longest setting `name`", () => {
    const s = synthesize((stack) => fleet(stack, HTTP), `${"n".repeat(20)}-ec2`);
    expect(s.the("aws_lb").name).toHaveLength(32);
  });

  it("reports to its own group by its own hook", () => {
    const s = synthesized(HTTP);
    const { name, initial_lifecycle_hook } = s.the("aws_autoscaling_group");
    expect(name).toBe("session-test-web");
    expect(decodeScript(s)).toContain(`--auto-scaling-group-name '${name}'`);
    expect(decodeScript(s)).toContain(`--lifecycle-hook-name '${initial_lifecycle_hook[0].name}'`);
  });

  it("has another template, and so other instances, when the bundle changes; and no other address", () => {
    const built = (content: string) =>
      synthesize((stack) => {
        const network = new Network(stack, "network");
        const redis = new RedisCluster(stack, "redis", { network });
        const app = new SessionApp(stack, "app", { redis, bundle: smallBundle(content) });
        new Ec2Fleet(stack, "web", { network, app, http: true, allowedCidrs: ["203.0.113.0/24"] });
      });
    const [before, after] = [built("1"), built("2")];
    expect(decodeScript(after)).not.toBe(decodeScript(before));
    const addresses = (s: Synthesized) =>
      Object.entries(s.resources()).flatMap(([type, all]) => Object.keys(all).map((address) => `${type}.${address}`));
    expect(addresses(after)).toEqual(addresses(before));
  });

  it("takes the place of one instance: its group, its role and its way to Redis stay what they were", () => {
    const one = synthesize((stack) => {
      const network = new Network(stack, "network", { nat: Nat.SINGLE });
      const redis = new RedisCluster(stack, "redis", { network });
      const app = new SessionApp(stack, "app", { redis, bundle: smallBundle() });
      new Ec2Topology(stack, "web", { network, app, allowedCidrs: ["203.0.113.0/24"] });
    });
    const many = synthesized(HTTP);
    const kept = Object.entries(one.resources()).flatMap(([type, all]) =>
      Object.keys(all)
        .filter((address) => /^web_(security-group_(?!from)|role_)/.test(address))
        .map((address) => [type, address] as const),
    );
    expect(kept.length).toBeGreaterThan(8);
    for (const [type, address] of kept)
      expect(many.resources()[type]?.[address]).toEqual(one.resources()[type]?.[address]);
  });

  it("takes a further zone without another address for what there is", () => {
    const at = (availabilityZones: NonNullable<NetworkProps["availabilityZones"]>) =>
      synthesized({ ...HTTPS, zones: { nat: Nat.SINGLE, availabilityZones } });
    const [two, three] = [at(["a", "c"]), at(["a", "c", "d"])];
    const more = Object.entries(three.resources()).flatMap(([type, all]) =>
      Object.keys(all)
        .filter((address) => !Object.hasOwn(two.all(type), address))
        .map((address) => `${type}.${address}`),
    );
    expect(more.length).toBeGreaterThan(0);
    for (const address of more) expect(address).toMatch(/_(public|private)-d_/);
    for (const [type, all] of Object.entries(two.resources())) {
      expect(Object.keys(three.all(type))).toEqual(expect.arrayContaining(Object.keys(all)));
    }
    expect(three.the("aws_lb").subnets).toHaveLength(3);
    expect(three.the("aws_autoscaling_group").vpc_zone_identifier).toHaveLength(3);
  });

  it.each([
    ["the route to the NAT", /^aws_route\.network_private_default/],
    ["the association of that route", /^aws_route_table_association\.network_private-c/],
    ["the bundle", /^aws_s3_object\.app_bundle/],
    ["the right to read the bundle", /^aws_iam_role_policy\.web_role_read-app-bundle/],
    ["the secret's value", /^aws_secretsmanager_secret_version\.app_secret-key/],
    ["the right to read the secret", /^aws_iam_role_policy\.web_role_read-secrets-app/],
    ["the right to log in to Redis", /^aws_iam_role_policy\.web_role_connect-redis/],
    ["the right to report", /^aws_iam_role_policy\.web_launch-hook_report/],
    ["the right to write logs", /^aws_iam_role_policy\.web_role_write-logs/],
    ["Session Manager", /^aws_iam_role_policy_attachment\.web_role_session-manager/],
    ["the way out", /^aws_vpc_security_group_egress_rule\.web_security-group_to-0-0-0-0-0-tcp-443/],
    ["the way in for the load balancer", /^aws_vpc_security_group_ingress_rule\.web_alb_security-group_into-web/],
    ["the load balancer's way to it", /^aws_vpc_security_group_egress_rule\.web_alb_security-group_to-web/],
    ["the listener", /^aws_lb_listener\.web_alb/],
    ["the way into Redis", /^aws_vpc_security_group_ingress_rule\..*redis-security-group-tcp-6379/],
    ["the way out to Redis", /^aws_vpc_security_group_egress_rule\..*redis-security-group-tcp-6379/],
  ])("boots after %s", (_what, address) => {
    expect(synthesized(HTTP).the("aws_autoscaling_group").depends_on).toContainEqual(expect.stringMatching(address));
  });

  it("waits for every policy of its role", () => {
    const s = synthesized(HTTP);
    const own = ["aws_iam_role_policy", "aws_iam_role_policy_attachment"].flatMap((type) =>
      Object.entries(s.all(type))
        .filter(([, { role }]) => role.includes("web_role"))
        .map(([address]) => `${type}.${address}`),
    );
    expect(own).toHaveLength(6);
    expect(s.the("aws_autoscaling_group").depends_on).toEqual(expect.arrayContaining(own));
  });

  it("hands size, scaling and machine through", () => {
    const s = synthesized({
      ...HTTP,
      minInstances: 3,
      scaling: { cpuPercent: 40, requestsPerMinute: 600 },
      instanceType: "m7i.large",
      rootVolumeGib: 20,
      detailedMonitoring: true,
      idleTimeoutSeconds: 30,
      deregistrationDelaySeconds: 300,
      slowStartSeconds: 30,
    });
    expect(s.the("aws_lb").idle_timeout).toBe(30);
    expect(s.the("aws_lb_target_group")).toMatchObject({ deregistration_delay: "300", slow_start: 30, port: 5000 });
    expect(s.the("aws_autoscaling_group")).toMatchObject({ min_size: 3, max_size: 6, min_elb_capacity: 3 });
    expect(s.the("aws_launch_template")).toMatchObject({
      instance_type: "m7i.large",
      monitoring: { enabled: true },
      block_device_mappings: [{ ebs: { volume_size: 20 } }],
    });
    const policy = s.at("aws_autoscaling_policy", "requests");
    expect(policy.target_tracking_configuration.predefined_metric_specification.resource_label).toMatch(
      /^\$\{aws_lb\.web_alb_.*\.arn_suffix}\/\$\{aws_lb_target_group\.web_target_.*\.arn_suffix}$/,
    );
  });
});

it("leaves CPU credits to AWS, or sets them", () => {
  expect(synthesized(HTTP).the("aws_launch_template")).not.toHaveProperty("credit_specification");
  const template = synthesized({ ...HTTP, cpuCredits: CpuCredits.STANDARD }).the("aws_launch_template");
  expect(template.credit_specification).toEqual({ cpu_credits: "standard" });
});

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string | RegExp }>([
    { what: "neither certificate nor plain http", props: {}, message: "session-test/web/alb: certificateArn, http" },
    { what: "plain http without allowed blocks", props: { http: true }, message: "web/alb: allowedCidrs: got none" },
    {
      what: "one zone",
      props: { ...HTTP, zones: { availabilityZones: ["a"] } },
      message: "one availability zone",
    },
    { what: "no instance", props: { ...HTTP, minInstances: 0 }, message: "web/instances: minInstances: got 0" },
    { what: "a Mac", props: { ...HTTP, instanceType: "mac2.metal" }, message: 'instanceType: got "mac2.metal"' },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });
});
