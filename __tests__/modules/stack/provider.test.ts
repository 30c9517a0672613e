import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, Aspects, TerraformStack, TerraformVariable, Testing } from "cdktf";
import { Construct } from "constructs";
import {
  EcsTopology,
  LoadBalancer,
  type LoadBalancerProps,
  Network,
  RedisCluster,
  SessionApp,
  TargetGroup,
  TargetType,
} from "../../../modules";
import { BUNDLE } from "../../foreign-programs/bundle";
import { UseProvider } from "../../foreign-programs/two-regions";
import { Synthesized } from "../../synthesized";

const CERTIFICATE = "arn:aws:acm:ap-northeast-3:123456789012:certificate/12345678-1234-1234-1234-123456789012";

function stackWith(...aliases: readonly (string | undefined)[]) {
  const stack = new TerraformStack(Testing.app(), "s");
  const regions: Record<string, string> = { osaka: "ap-northeast-3", paris: "eu-west-3" };
  const providers = aliases.map((alias) => {
    const region = regions[alias ?? ""] ?? "ap-northeast-1";
    return new AwsProvider(stack, alias ?? "aws", { region, ...(alias !== undefined && { alias }) });
  });
  return { stack, providers: providers as [AwsProvider, ...AwsProvider[]] };
}
const zones = (s: Synthesized) => Object.values(s.all("aws_subnet")).map(({ availability_zone }) => availability_zone);

describe("the provider of a construct", () => {
  it("is found wherever in the stack it was created", () => {
    const { stack } = stackWith();
    new AwsProvider(new Construct(stack, "wrapper"), "aws", { region: "eu-central-1" });
    expect(new Network(stack, "network").availabilityZones).toEqual(["eu-central-1a", "eu-central-1c"]);
  });

  it("is the prop's, for all that the construct creates and for zones, endpoints and the ephemeral secret", () => {
    const { stack, providers } = stackWith(undefined, "osaka");
    const provider = providers[1] as AwsProvider;
    const network = new Network(stack, "network", { provider });
    const redis = new RedisCluster(stack, "redis", { network, provider });
    new SessionApp(stack, "app", { redis, provider, bundle: BUNDLE });
    const s = new Synthesized(Testing.synth(stack, true));
    const named = Object.values(s.json.resource ?? {}).flatMap((blocks) =>
      Object.values(blocks).map((b) => b.provider),
    );
    expect(new Set(named)).toEqual(new Set(["aws.osaka"]));
    expect(zones(s)).toContain("ap-northeast-3a");
    expect(Object.values(s.json.ephemeral?.aws_secretsmanager_random_password ?? {})).toMatchObject([
      { provider: "aws.osaka" },
    ]);
  });

  it("is taken over from the construct around it, and given by the innermost prop", () => {
    const { stack, providers } = stackWith(undefined, "osaka", "paris");
    const [, osaka, paris] = providers as [AwsProvider, AwsProvider, AwsProvider];
    const inOsaka = new Network(stack, "network", { provider: osaka });
    const inner = new Network(inOsaka, "inner", { provider: paris });
    new Network(inner, "innermost");
    const s = new Synthesized(Testing.synth(stack, true));
    const vpcs = Object.values(s.all("aws_vpc")).map(({ provider }) => provider);
    expect(vpcs.sort()).toEqual(["aws.osaka", "aws.paris", "aws.paris"]);
  });

  it("puts its default tags on what an Auto Scaling group launches", () => {
    const stack = new TerraformStack(Testing.app(), "s");
    const alias = { alias: "osaka", defaultTags: [{ tags: { Owner: "osaka" } }] };
    const provider = new AwsProvider(stack, "osaka", { region: "ap-northeast-3", ...alias });
    const network = new Network(stack, "network", { provider, nat: "single" });
    const redis = new RedisCluster(stack, "redis", { network, provider });
    const app = new SessionApp(stack, "app", { redis, provider, bundle: BUNDLE });
    const visitors = { http: true, allowedCidrs: ["203.0.113.0/24"] };
    new EcsTopology(stack, "web", { network, app, provider, launchType: "EC2", ...visitors });
    const group = new Synthesized(Testing.synth(stack, true)).the("aws_autoscaling_group");
    expect(group.tag).toContainEqual({ key: "Owner", value: "osaka", propagate_at_launch: true });
  });

  it("may be set by an Aspect, where all providers are of one region", () => {
    const { stack, providers } = stackWith("osaka");
    new Network(stack, "network");
    Aspects.of(stack).add(new UseProvider(providers[0]));
    const s = new Synthesized(Testing.synth(stack, true));
    expect(zones(s)).toContain("ap-northeast-3a");
    expect(s.the("aws_vpc").provider).toBe("aws.osaka");
  });

  it("is refused from an Aspect that sets another region than the construct was created for", () => {
    const { stack, providers } = stackWith(undefined, "osaka");
    new Network(stack, "network");
    Aspects.of(stack).add(new UseProvider(providers[1] as AwsProvider));
    expect(() => Testing.synth(stack, true)).toThrow(
      /s\/network\/\S+: provider: got aws\.osaka of ap-northeast-3, allowed: one of ap-northeast-1, for which s\/network was created\. Fix: give the construct the prop provider/,
    );
  });

  it("is refused where there is none without an alias, and nothing gives the resources one", () => {
    const { stack } = stackWith("osaka");
    new Network(stack, "network");
    expect(() => Testing.synth(stack, true)).toThrow("got none: each AWS provider of the stack has an alias");
    const { stack: two } = stackWith("osaka", "paris");
    expect(() => new Network(two, "network")).toThrow(
      "region: got AWS providers of several regions, each with an alias: osaka, paris, allowed: the region of the construct's AWS provider. Fix: give the construct the prop provider.",
    );
  });

  it("is refused when it is another stack's, or none of AWS", () => {
    const { stack } = stackWith(undefined);
    const other = new TerraformStack(stack.node.root as App, "other");
    const provider = new AwsProvider(other, "aws", { region: "eu-west-3" });
    expect(() => new Network(stack, "network", { provider })).toThrow("provider: got other/aws, of the stack other");
    const wrong = { region: "eu-west-3" } as never;
    expect(() => new Network(stack, "wrong", { provider: wrong })).toThrow("provider: got an object");
  });
});

describe("a region", () => {
  it("is the same for constructs that take each other", () => {
    const { stack, providers } = stackWith(undefined, "osaka");
    const provider = providers[1] as AwsProvider;
    const [tokyo, osaka] = [new Network(stack, "tokyo"), new Network(stack, "osaka-network", { provider })];
    expect(() => new RedisCluster(stack, "redis", { network: tokyo, provider })).toThrow(
      "network: got s/tokyo, which is in ap-northeast-1, allowed: one in ap-northeast-3, the region of the construct's provider. Fix: give both the same provider.",
    );
    const redis = new RedisCluster(stack, "cache", { network: osaka, provider });
    const shop = new RedisCluster(stack, "other", { network: tokyo });
    expect(() => redis.allowFrom(shop)).toThrow(
      "way to s/cache/security-group: got s/cache/security-group, which is in",
    );
  });

  it("that is a token is compared with no text: a certificate of any region is taken", () => {
    const stack = new TerraformStack(Testing.app(), "s");
    const region = new TerraformVariable(stack, "region", {}).stringValue;
    new AwsProvider(stack, "aws", { region });
    const network = new Network(stack, "network", { nat: "single" });
    const redis = new RedisCluster(stack, "redis", { network });
    const app = new SessionApp(stack, "app", { redis, bundle: BUNDLE });
    const uri = "123456789012.dkr.ecr.ap-northeast-3.amazonaws.com/shop:1.0.0";
    new EcsTopology(stack, "web", { network, app, certificateArn: CERTIFICATE, image: { uri } });
    expect(Testing.synth(stack, true)).toContain(CERTIFICATE);
  });

  it("of the provider decides which certificate is right", () => {
    const { stack, providers } = stackWith(undefined, "osaka");
    const provider = providers[1] as AwsProvider;
    const network = new Network(stack, "network", { provider });
    const defaultTarget = new TargetGroup(stack, "target", {
      network,
      targetType: TargetType.IP,
      port: 5000,
      healthCheckPath: "/healthz",
      provider,
    });
    const make = (props: Partial<LoadBalancerProps>) => () =>
      new LoadBalancer(stack, `lb-${stack.node.children.length}`, {
        network,
        defaultTarget,
        certificateArn: CERTIFICATE,
        ...props,
      });
    expect(make({ provider })).not.toThrow();
    expect(make({})).toThrow("certificateArn: got one of region ap-northeast-3");
  });
});
