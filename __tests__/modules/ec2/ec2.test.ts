import { TerraformOutput, type TerraformStack } from "cdktf";
import { SecurityGroup } from "../../../modules/connections";
import { Ec2Topology, type Ec2TopologyProps } from "../../../modules/ec2";
import { CpuCredits } from "../../../modules/instances";
import { Network } from "../../../modules/network";
import { RedisCluster } from "../../../modules/redis";
import { SessionApp } from "../../../modules/web-app";
import { type Block, synthesize, synthesizer } from "../../synthesized";
import { smallBundle } from "../artifact/small-bundle";

type Props = Partial<Ec2TopologyProps>;

function topology(stack: TerraformStack, props: Props = {}): Ec2Topology {
  const network = new Network(stack, "network");
  const redis = new RedisCluster(stack, "redis", { network });
  const app = new SessionApp(stack, "app", { redis, bundle: smallBundle() });
  return new Ec2Topology(stack, "web", { network, app, allowedCidrs: ["203.0.113.0/24"], ...props });
}

const synthesized = synthesizer(topology);

/** Rules that belong to the instance's own group. */
function rules(type: "ingress" | "egress", props?: Props): Block[] {
  return Object.values(synthesized(props).all(`aws_vpc_security_group_${type}_rule`)).filter(({ security_group_id }) =>
    security_group_id.includes("web_security-group"),
  );
}

describe("creates valid Terraform", () => {
  it("matches the snapshot", () => {
    const own = Object.entries(synthesized().resources()).map(([type, blocks]) => [
      type,
      Object.fromEntries(Object.entries(blocks).filter(([address]) => address.startsWith("web_"))),
    ]);
    expect(Object.fromEntries(own.filter(([, blocks]) => Object.keys(blocks as object).length > 0))).toMatchSnapshot();
  });

  it("is in a public subnet under an address that outlives it, and asks for no other", () => {
    const s = synthesized();
    const [[instance] = [""]] = Object.entries(s.all("aws_instance"));
    expect(s.the("aws_instance").subnet_id).toMatch(/^\$\{aws_subnet\.network_public-a_/);
    expect(s.the("aws_instance")).not.toHaveProperty("associate_public_ip_address");
    expect(s.the("aws_eip_association").instance_id).toBe(`\${aws_instance.${instance}.id}`);
    expect(s.the("aws_eip").depends_on).toContainEqual(expect.stringMatching(/^aws_route\.network_public_default/));
    for (const subnet of Object.values(s.all("aws_subnet"))) expect(subnet.map_public_ip_on_launch).toBe(false);
  });

  it("says where the app answers", () => {
    const s = synthesize((stack) => new TerraformOutput(stack, "url", { value: topology(stack).url }));
    expect(s.json.output?.url?.value).toMatch(/^http:\/\/\$\{aws_eip\.web_server_address_\w+\.public_ip}:5000$/);
  });

  it("is in the zone that was asked for", () => {
    const { subnet_id } = synthesized({ zone: "c" }).the("aws_instance");
    expect(subnet_id).toMatch(/^\$\{aws_subnet\.network_public-c_/);
  });

  it("is hardened: token for its metadata, encrypted disk, no key", () => {
    const instance = synthesized().the("aws_instance");
    expect(instance).toMatchObject({
      metadata_options: { http_endpoint: "enabled", http_tokens: "required", http_put_response_hop_limit: 1 },
      root_block_device: { encrypted: true, volume_type: "gp3", volume_size: 10 },
      ebs_optimized: true,
      monitoring: false,
      user_data_replace_on_change: true,
    });
    expect(instance).not.toHaveProperty("key_name");
  });

  it("stays when Amazon publishes another image", () => {
    const s = synthesized();
    expect(s.the("aws_instance").lifecycle).toEqual({ ignore_changes: ["ami"] });
    expect(s.the("aws_instance").ami).toMatch(/^\$\{data\.aws_ssm_parameter\.\w+\.insecure_value}$/);
    expect(s.json.resource).not.toHaveProperty("aws_launch_template");
  });

  it.each([
    ["t4g.small", "arm64"],
    ["m7gd.large", "arm64"],
    ["c7gn.xlarge", "arm64"],
    ["im4gn.large", "arm64"],
    ["t3.small", "x86_64"],
    ["m7i-flex.large", "x86_64"],
    ["g4dn.xlarge", "x86_64"],
    ["g6.xlarge", "x86_64"],
    ["u-6tb1.metal", "x86_64"],
  ])("runs %s on the image for %s", (instanceType, architecture) => {
    const [image] = Object.values(synthesized({ instanceType }).json.data?.aws_ssm_parameter ?? {});
    expect(image?.name).toBe(`/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${architecture}`);
  });

  it("says nothing of EBS optimization where EC2 refuses it", () => {
    expect(synthesized({ instanceType: "t2.micro" }).the("aws_instance")).not.toHaveProperty("ebs_optimized");
    expect(synthesized({ instanceType: "t3.micro" }).the("aws_instance")).toMatchObject({ ebs_optimized: true });
  });

  it("leaves CPU credits to AWS, or sets them", () => {
    expect(synthesized().the("aws_instance")).not.toHaveProperty("credit_specification");
    const instance = synthesized({ cpuCredits: CpuCredits.STANDARD }).the("aws_instance");
    expect(instance.credit_specification).toEqual({ cpu_credits: "standard" });
  });

  it("lets in the blocks that were named, on the app's port only", () => {
    expect(rules("ingress", { allowedCidrs: ["198.51.100.7/32", "203.0.113.0/24"] })).toEqual([
      expect.objectContaining({ cidr_ipv4: "198.51.100.7/32", from_port: 5000, to_port: 5000, ip_protocol: "tcp" }),
      expect.objectContaining({ cidr_ipv4: "203.0.113.0/24", from_port: 5000, to_port: 5000, ip_protocol: "tcp" }),
    ]);
  });

  it("lets in everybody when the caller says so", () => {
    expect(rules("ingress", { allowedCidrs: ["0.0.0.0/0"] })).toEqual([
      expect.objectContaining({ cidr_ipv4: "0.0.0.0/0", from_port: 5000, to_port: 5000 }),
    ]);
  });

  it("lets in prefix lists and peers, in place of blocks too", () => {
    const s = synthesize((stack) => {
      const office = SecurityGroup.fromExisting(stack, "office", { securityGroupId: "sg-0123456789abcdef0" });
      return topology(stack, {
        allowedCidrs: [],
        allowedPrefixLists: { company: "pl-0123456789abcdef0" },
        allowedPeers: [{ securityGroup: office }],
      });
    });
    const into = Object.values(s.all("aws_vpc_security_group_ingress_rule")).filter((r) => r.from_port === 5000);
    expect(into.map((rule) => rule.prefix_list_id ?? rule.referenced_security_group_id).sort()).toEqual([
      "pl-0123456789abcdef0",
      "sg-0123456789abcdef0",
    ]);
    expect(into.map(({ security_group_id }) => security_group_id)).toEqual([
      expect.stringContaining("web_security-group"),
      expect.stringContaining("web_security-group"),
    ]);
    const starts = s.the("aws_instance").depends_on;
    expect(starts).toContainEqual(expect.stringContaining("from-company-tcp-5000"));
  });

  it("lets out HTTPS to anywhere and Redis to the cache, and nothing else", () => {
    const [https, cache, ...more] = rules("egress");
    expect(https).toMatchObject({ cidr_ipv4: "0.0.0.0/0", from_port: 443, to_port: 443, ip_protocol: "tcp" });
    expect(cache).toMatchObject({ from_port: 6379, to_port: 6379, ip_protocol: "tcp" });
    expect(cache?.referenced_security_group_id).toMatch(/^\$\{aws_security_group\.redis_/);
    expect(more).toEqual([]);
  });

  it("opens SSH with key and block", () => {
    const props: Props = { ssh: { keyName: "mine", cidrs: ["198.51.100.7/32"] } };
    expect(synthesized(props).the("aws_instance").key_name).toBe("mine");
    expect(rules("ingress", props)).toContainEqual(
      expect.objectContaining({ cidr_ipv4: "198.51.100.7/32", from_port: 22, to_port: 22 }),
    );
  });

  it("has a key pair for SSH through Session Manager, without a port", () => {
    const props: Props = { ssh: { keyName: "mine" } };
    expect(synthesized(props).the("aws_instance").key_name).toBe("mine");
    expect(rules("ingress", props)).toEqual(rules("ingress", {}));
  });

  it("trusts EC2 alone and grants no wildcard action; Session Manager is attached", () => {
    const s = synthesized();
    expect(JSON.parse(s.at("aws_iam_role", "web_role").assume_role_policy).Statement).toEqual([
      { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    ]);
    const policies = Object.entries(s.all("aws_iam_role_policy")).filter(([address]) => address.startsWith("web_"));
    expect(policies).toHaveLength(3);
    for (const [, { policy }] of policies) {
      for (const { Action, Resource } of JSON.parse(policy).Statement) {
        expect(JSON.stringify(Action)).not.toContain("*");
        for (const resource of [Resource].flat()) expect(resource).not.toMatch(/\*(?!\/session-app\.js$)/);
      }
    }
    expect(s.the("aws_iam_role_policy_attachment").policy_arn).toBe(
      "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    );
  });

  it.each([
    ["the route to the internet", /^aws_route\.network_public_default/],
    ["the association of that route", /^aws_route_table_association\.network_public-a/],
    ["the bundle", /^aws_s3_object\.app_bundle/],
    ["the right to read the bundle", /^aws_iam_role_policy\.web_role_read-app-bundle/],
    ["the secret's value", /^aws_secretsmanager_secret_version\.app_secret-key/],
    ["the right to read the secret", /^aws_iam_role_policy\.web_role_read-secrets-app/],
    ["the right to log in to Redis", /^aws_iam_role_policy\.web_role_connect-redis/],
    ["Session Manager", /^aws_iam_role_policy_attachment\.web_role_session-manager/],
    [
      "the way in for visitors",
      /^aws_vpc_security_group_ingress_rule\.web_security-group_from-203-0-113-0-24-tcp-5000/,
    ],
    ["the way out", /^aws_vpc_security_group_egress_rule\.web_security-group_to-0-0-0-0-0-tcp-443/],
    ["the way into Redis", /^aws_vpc_security_group_ingress_rule\..*redis-security-group-tcp-6379/],
    ["the way out to Redis", /^aws_vpc_security_group_egress_rule\..*redis-security-group-tcp-6379/],
  ])("boots after %s", (_what, address) => {
    expect(synthesized().the("aws_instance").depends_on).toContainEqual(expect.stringMatching(address));
  });

  it("waits for every policy of its role and every rule of its group", () => {
    const s = synthesized();
    const types = ["aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_vpc_security_group_ingress_rule"];
    const own = [...types, "aws_vpc_security_group_egress_rule"].flatMap((type) =>
      Object.keys(s.all(type))
        .filter((address) => address.startsWith("web_"))
        .map((address) => `${type}.${address}`),
    );
    expect(s.the("aws_instance").depends_on).toEqual(expect.arrayContaining(own));
  });
});

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string | RegExp }>([
    {
      what: "no allowed blocks",
      props: { allowedCidrs: [] },
      message: /session-test\/web: allowedCidrs: got none.*everybody is "0\.0\.0\.0\/0"/,
    },
    {
      what: "a malformed block",
      props: { allowedCidrs: ["203.0.113.0"] },
      message: "got 203.0.113.0, allowed: an IPv4 block",
    },
    {
      what: "a block with bits behind its prefix",
      props: { allowedCidrs: ["203.0.113.7/24"] },
      message: 'Fix: write "203.0.113.0/24"',
    },
    {
      what: "SSH without a key",
      props: { ssh: { keyName: "", cidrs: ["198.51.100.7/32"] } },
      message: 'web: ssh.keyName: got "", allowed: 1 to 255 ASCII characters',
    },
    {
      what: "a key pair's name EC2 does not take",
      props: { ssh: { keyName: "schlüssel", cidrs: ["203.0.113.7/32"] } },
      message: 'ssh.keyName: got "schlüssel", allowed: 1 to 255 ASCII characters',
    },
    {
      what: "SSH from an empty list",
      props: { ssh: { keyName: "mine", cidrs: [] } },
      message: "web: ssh.cidrs: got none, allowed: at least one IPv4 block. Fix: give one, or leave cidrs out",
    },
    {
      what: "SSH from a malformed block",
      props: { ssh: { keyName: "mine", cidrs: ["me"] } },
      message: "got me, allowed: an IPv4 block",
    },
    { what: "a zone the network is not in", props: { zone: "d" }, message: "zone: got d, allowed: a, c." },
    { what: "a malformed instance type", props: { instanceType: "small" }, message: 'instanceType: got "small"' },
    {
      what: "a type on which dnf is killed",
      props: { instanceType: "t4g.nano" },
      message: "instanceType: got t4g.nano, allowed: 1 GiB of memory or more",
    },
    {
      what: "a processor without ARMv8.2",
      props: { instanceType: "a1.medium" },
      message: 'instanceType: got "a1.medium"',
    },
    {
      what: "a generation without encrypted volumes",
      props: { instanceType: "m1.small" },
      message: "instanceType: got m1.small, allowed: a generation that takes encrypted volumes",
    },
    {
      what: "CPU credits for a type without them",
      props: { instanceType: "m7g.large", cpuCredits: CpuCredits.STANDARD },
      message: "cpuCredits: got standard for m7g.large, allowed: a type with CPU credits",
    },
    { what: "a Mac", props: { instanceType: "mac2.metal" }, message: 'instanceType: got "mac2.metal"' },
    {
      what: "a disk smaller than the image",
      props: { rootVolumeGib: 4 },
      message: "rootVolumeGib: got 4, allowed: a whole number, at least 8",
    },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });
});
