import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack, Testing } from "cdktf";
import { SecurityGroup } from "../../../modules/connections";
import { InstanceRole, Instances, type InstancesProps, LaunchHook, MachineImages } from "../../../modules/instances";
import { Network } from "../../../modules/network";
import { type Block, Synthesized, synthesize, synthesizer } from "../../synthesized";

type Props = Partial<InstancesProps> & { readonly hook?: { readonly timeoutSeconds?: number } };

const BALANCED = {
  targetGroupArn: "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/a/1",
  targetGroupArnSuffix: "targetgroup/a/1",
  loadBalancerArnSuffix: "app/b/2",
};

function instances(stack: TerraformStack, { hook, ...props }: Props = {}): Instances {
  const network = new Network(stack, "network");
  const role = new InstanceRole(stack, "role");
  const launchHook = hook && new LaunchHook(stack, "hook", { autoScalingGroupName: "all", role, ...hook });
  return new Instances(stack, "instances", {
    name: "all",
    subnets: network.privateSubnets,
    publicAddresses: false,
    securityGroup: new SecurityGroup(stack, "group", { network, description: "Instances" }),
    role,
    image: MachineImages.AMAZON_LINUX_2023,
    instanceType: "t4g.small",
    rootVolumeGib: 10,
    detailedMonitoring: false,
    userData: "#!/bin/bash\n",
    dependables: [],
    minInstances: 2,
    maxInstances: 4,
    ...(launchHook && { launchHook }),
    ...props,
  });
}

const synthesized = synthesizer(instances);
const template = (props?: Props) => synthesized(props).the("aws_launch_template");
const group = (props?: Props) => synthesized(props).the("aws_autoscaling_group");

function policies(props: Props): Record<string, Block> {
  return Object.fromEntries(
    Object.values(synthesized(props).all("aws_autoscaling_policy")).map((policy) => [policy.name, policy]),
  );
}

describe("the launch template", () => {
  it("is hardened: token for its metadata, encrypted disk, no address, no key", () => {
    expect(template()).toMatchObject({
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
      block_device_mappings: [
        {
          device_name: "/dev/xvda",
          ebs: { encrypted: "true", volume_type: "gp3", volume_size: 10, delete_on_termination: "true" },
        },
      ],
      ebs_optimized: "true",
      monitoring: { enabled: false },
      network_interfaces: [
        {
          associate_public_ip_address: "false",
          security_groups: [expect.stringContaining("aws_security_group.group")],
        },
      ],
      iam_instance_profile: { name: expect.stringMatching(/^\$\{aws_iam_instance_profile\.role_profile/) },
    });
    expect(template()).not.toHaveProperty("key_name");
  });

  it("gives an address and closer metrics on demand", () => {
    expect(template({ publicAddresses: true, detailedMonitoring: true })).toMatchObject({
      network_interfaces: [{ associate_public_ip_address: "true" }],
      monitoring: { enabled: true },
    });
  });

  it.each([
    ["t4g.small", "arm64"],
    ["m7i.large", "x86_64"],
  ])("runs %s on the image for %s, known at the plan: a refresh to `resolve:ssm:` has no way back", (type, arch) => {
    const s = synthesized({ instanceType: type });
    const [image] = Object.values(s.json.data?.aws_ssm_parameter ?? {});
    expect(image?.name).toBe(`/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${arch}`);
    expect(s.the("aws_launch_template").image_id).toMatch(/^\$\{data\.aws_ssm_parameter\..*\.insecure_value}$/);
  });

  it("says nothing of EBS optimization where EC2 refuses it", () => {
    expect(template({ instanceType: "t2.small" })).not.toHaveProperty("ebs_optimized");
    expect(template({ instanceType: "t3.small" })).toMatchObject({ ebs_optimized: "true" });
  });

  it("carries the script as it is, by way of a local", () => {
    const script = `#!/bin/bash\necho "a \\"b\\" 'c' \\\\ $HOME"\n`;
    const s = synthesized({ userData: script });
    const [, name = ""] = /^\$\{base64encode\(local\.(.*)\)}$/.exec(s.the("aws_launch_template").user_data) ?? [];
    expect(s.json.locals?.[name]).toBe(script);
  });

  it("tags volumes and interfaces, which AWS makes and Terraform's default tags don't reach", () => {
    const app = Testing.app();
    const stack = new TerraformStack(app, "session-test");
    new AwsProvider(stack, "aws", { region: "ap-northeast-1", defaultTags: [{ tags: { Stack: "s", Team: "t" } }] });
    instances(stack);
    const s = new Synthesized(Testing.synth(stack));
    const tags = { Stack: "s", Team: "t", Name: "session-test-instances" };
    expect(s.the("aws_launch_template").tag_specifications).toEqual([
      { resource_type: "volume", tags },
      { resource_type: "network-interface", tags },
    ]);
    expect(s.the("aws_autoscaling_group").tag).toEqual(
      Object.entries(tags).map(([key, value]) => ({ key, value, propagate_at_launch: true })),
    );
  });
});

describe("the group", () => {
  it("spreads over the subnets of all zones, between its bounds", () => {
    expect(group()).toMatchObject({ name: "all", min_size: 2, max_size: 4, health_check_type: "EC2" });
    expect(group().vpc_zone_identifier).toEqual([
      expect.stringContaining("network_private-a"),
      expect.stringContaining("network_private-c"),
    ]);
  });

  it("leaves to Auto Scaling how many there are in between", () => {
    expect(group()).not.toHaveProperty("desired_capacity");
  });

  it("replaces instances by a version's number, new ones first, and goes back when they fail", () => {
    expect(group().launch_template.version).toMatch(/^\$\{aws_launch_template\..*\.latest_version}$/);
    expect(group().instance_refresh).toMatchObject({
      strategy: "Rolling",
      preferences: { min_healthy_percentage: 100, max_healthy_percentage: 200, auto_rollback: true },
    });
  });

  it("behind a load balancer believes it about health, and is deployed when it has its instances", () => {
    expect(group({ balanced: BALANCED })).toMatchObject({
      health_check_type: "ELB",
      health_check_grace_period: 60,
      target_group_arns: [BALANCED.targetGroupArn],
      min_elb_capacity: 2,
      wait_for_capacity_timeout: "15m",
    });
  });

  it("counts an instance when it has reported, and gives up on one that has not", () => {
    expect(group({ hook: {} }).initial_lifecycle_hook).toEqual([
      {
        name: "ready",
        lifecycle_transition: "autoscaling:EC2_INSTANCE_LAUNCHING",
        heartbeat_timeout: 600,
        default_result: "ABANDON",
      },
    ]);
    expect(group({ hook: { timeoutSeconds: 900 } }).initial_lifecycle_hook[0].heartbeat_timeout).toBe(900);
    expect(group()).not.toHaveProperty("initial_lifecycle_hook");
  });

  it("lets an instance report for its own group, and do nothing else", () => {
    const s = synthesized({ hook: {} });
    const [statement, ...more] = JSON.parse(s.at("aws_iam_role_policy", "hook_report").policy).Statement;
    expect(more).toEqual([]);
    expect(statement).toMatchObject({ Effect: "Allow", Action: "autoscaling:CompleteLifecycleAction" });
    expect(statement.Resource).toMatch(
      /^arn:aws:autoscaling:ap-northeast-1:\$\{local\.hook_account_\w+}:autoScalingGroup:\*:autoScalingGroupName\/all$/,
    );
  });

  it.each([
    ["the association of the routes", /^aws_route_table_association\.network_private-c/],
    ["Session Manager", /^aws_iam_role_policy_attachment\.role_session-manager/],
    ["the right to report", /^aws_iam_role_policy\.hook_report/],
  ])("boots after %s", (_what, address) => {
    expect(group({ hook: {} }).depends_on).toContainEqual(expect.stringMatching(address));
  });

  it("has its name for others", () => {
    const s = synthesize(
      (stack) => new TerraformOutput(stack, "name", { value: instances(stack).autoScalingGroupName }),
    );
    expect(s.json.output?.name?.value).toMatch(/^\$\{aws_autoscaling_group\..*\.name}$/);
  });
});

describe("scaling", () => {
  it("keeps half of the processors' time free unless told", () => {
    expect(policies({})).toEqual({
      cpu: expect.objectContaining({
        policy_type: "TargetTrackingScaling",
        target_tracking_configuration: {
          target_value: 50,
          predefined_metric_specification: { predefined_metric_type: "ASGAverageCPUUtilization" },
        },
      }),
    });
  });

  it("counts requests too", () => {
    const { cpu, requests } = policies({ balanced: BALANCED, scaling: { cpuPercent: 70, requestsPerMinute: 3000 } });
    expect(cpu?.target_tracking_configuration.target_value).toBe(70);
    expect(requests?.target_tracking_configuration).toEqual({
      target_value: 3000,
      predefined_metric_specification: {
        predefined_metric_type: "ALBRequestCountPerTarget",
        resource_label: "app/b/2/targetgroup/a/1",
      },
    });
  });

  it("is not there where there is nothing between min and max", () => {
    expect(policies({ minInstances: 3, maxInstances: 3 })).toEqual({});
  });
});

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string }>([
    {
      what: "no instance",
      props: { minInstances: 0 },
      message: "session-test/instances: minInstances: got 0, allowed: a whole number, at least 1",
    },
    {
      what: "fewer at most than at least",
      props: { maxInstances: 1 },
      message: "maxInstances: got 1, allowed: a whole number, at least minInstances (2)",
    },
    {
      what: "a disk smaller than the image",
      props: { rootVolumeGib: 4 },
      message: "rootVolumeGib: got 4, allowed: a whole number, at least 8",
    },
    { what: "a malformed instance type", props: { instanceType: "small" }, message: 'instanceType: got "small"' },
    {
      what: "all of the processors' time",
      props: { scaling: { cpuPercent: 100 } },
      message: "cpuPercent: got 100, allowed: 10 to 90",
    },
    {
      what: "requests without a load balancer to count them",
      props: { scaling: { requestsPerMinute: 100 } },
      message: "requestsPerMinute: got 100, allowed: instances behind a load balancer",
    },
    {
      what: "no requests",
      props: { balanced: BALANCED, scaling: { requestsPerMinute: 0 } },
      message: "requestsPerMinute: got 0, allowed: 1 to",
    },
    {
      what: "a hook AWS gives no time",
      props: { hook: { timeoutSeconds: 10 } },
      message: "session-test/hook: timeoutSeconds: got 10, allowed: a whole number from 30 to 7200",
    },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });
});
