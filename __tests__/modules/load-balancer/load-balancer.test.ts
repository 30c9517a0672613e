import { Eip } from "@cdktf/provider-aws/lib/eip";
import { TerraformOutput } from "cdktf";
import { type Block, type Synthesized, synthesize } from "../../synthesized";
import { CERTIFICATE, HTTP, HTTPS, loadBalancer, type Props, synthesized } from "./stack";

const WEB_ACL = "arn:aws:wafv2:ap-northeast-1:123456789012:regional/webacl/front/12345678-1234-1234-1234-123456789012";

const listener = (s: Synthesized, port: number) => s.at("aws_lb_listener", `port-${port}_`);

function ingress(props: Props): Block[] {
  return Object.values(synthesized(props).all("aws_vpc_security_group_ingress_rule")).map(
    ({ cidr_ipv4, from_port, to_port }) => ({ cidr_ipv4, from_port, to_port }),
  );
}

describe("creates valid Terraform", () => {
  it("faces the internet in all zones, drops what is malformed, and hands the Host header on", () => {
    const s = synthesized(HTTP);
    expect(s.the("aws_lb")).toMatchObject({
      name: "session-test-alb",
      internal: false,
      load_balancer_type: "application",
      drop_invalid_header_fields: true,
      desync_mitigation_mode: "defensive",
      preserve_host_header: true,
      idle_timeout: 60,
      enable_deletion_protection: false,
    });
    expect(s.the("aws_lb").subnets).toEqual([
      expect.stringContaining("network_public-a"),
      expect.stringContaining("network_public-c"),
    ]);
    expect(s.the("aws_lb").security_groups).toEqual([expect.stringContaining("alb_security-group")]);
    expect(s.the("aws_lb")).not.toHaveProperty("access_logs");
    expect(s.json.resource).not.toHaveProperty("aws_wafv2_web_acl_association");
  });

  it("comes after the internet gateway, without which AWS makes none", () => {
    expect(synthesized(HTTP).the("aws_lb").depends_on).toContainEqual(
      expect.stringMatching(/^aws_route\.network_public_default/),
    );
  });

  it("with a certificate serves TLS 1.2 and 1.3 on 443 and redirects 80 for good", () => {
    const s = synthesized(HTTPS);
    expect(listener(s, 443)).toMatchObject({
      port: 443,
      protocol: "HTTPS",
      certificate_arn: CERTIFICATE,
      ssl_policy: expect.stringMatching(/^ELBSecurityPolicy-TLS13-1-2-/),
      default_action: [{ type: "forward", target_group_arn: expect.stringContaining("default") }],
    });
    expect(listener(s, 80).default_action).toEqual([
      { type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } },
    ]);
    expect(Object.keys(s.all("aws_lb_listener"))).toHaveLength(2);
  });

  it("without one serves port 80 alone", () => {
    const s = synthesized(HTTP);
    expect(s.the("aws_lb_listener")).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [{ type: "forward" }],
    });
  });

  it("keeps the listener on port 80 when a certificate comes, because AWS takes one a port", () => {
    const [before] = Object.keys(synthesized(HTTP).all("aws_lb_listener"));
    expect(Object.keys(synthesized(HTTPS).all("aws_lb_listener"))).toContain(before);
  });

  it("over plain http lets in who was named, on 80", () => {
    expect(ingress(HTTP)).toEqual([{ cidr_ipv4: "203.0.113.0/24", from_port: 80, to_port: 80 }]);
  });

  it.each([
    { cidrs: undefined, block: "0.0.0.0/0" },
    { cidrs: ["198.51.100.0/24"], block: "198.51.100.0/24" },
  ])("with a certificate and $cidrs lets in $block on 443, and on 80 to be redirected", ({ cidrs, block }) => {
    expect(ingress({ ...HTTPS, ...(cidrs && { allowedCidrs: cidrs }) })).toEqual([
      { cidr_ipv4: block, from_port: 443, to_port: 443 },
      { cidr_ipv4: block, from_port: 80, to_port: 80 },
    ]);
  });

  it("has no egress by itself", () => {
    expect(synthesized(HTTP).all("aws_vpc_security_group_egress_rule")).toEqual({});
  });

  it("has deletion protection, access logs and a web ACL on demand", () => {
    const s = synthesized({
      ...HTTPS,
      deletionProtection: true,
      accessLogs: { bucketName: "logs", prefix: "web" },
      webAclArn: WEB_ACL,
    });
    expect(s.the("aws_lb")).toMatchObject({
      enable_deletion_protection: true,
      access_logs: { enabled: true, bucket: "logs", prefix: "web" },
    });
    expect(s.the("aws_wafv2_web_acl_association")).toMatchObject({
      web_acl_arn: WEB_ACL,
      resource_arn: expect.stringMatching(/^\$\{aws_lb\..*\.arn}$/),
    });
  });

  it.each([
    { props: HTTP, url: /^http:\/\/\$\{aws_lb\..*\.dns_name}$/ },
    { props: HTTPS, url: /^https:\/\/\$\{aws_lb\..*\.dns_name}$/ },
    { props: { ...HTTP, domainName: "app.example.com" }, url: /^http:\/\/app\.example\.com$/ },
    { props: { ...HTTPS, domainName: "app.example.com" }, url: /^https:\/\/app\.example\.com$/ },
  ])("says where it answers: $url", ({ props, url }) => {
    const s = synthesize((stack) => new TerraformOutput(stack, "url", { value: loadBalancer(stack, props).url }));
    expect(s.json.output?.url?.value).toMatch(url);
  });

  it("is a dimension in CloudWatch", () => {
    const s = synthesize((stack) => new TerraformOutput(stack, "lb", { value: loadBalancer(stack, HTTP).arnSuffix }));
    expect(s.json.output?.lb?.value).toMatch(/^\$\{aws_lb\..*\.arn_suffix}$/);
  });

  it.each([
    { prefix: "session-test", name: "session-test-alb-int" },
    // 32 characters without the suffix, and 31, whose shortened form ends in a hyphen.
    { prefix: "x".repeat(28), name: `${"x".repeat(28)}-int` },
    { prefix: "x".repeat(27), name: `${"x".repeat(27)}-int` },
  ])(
    "inside of the VPC has another name than on the internet, so that one is created before the other goes: $name",
    ({ prefix, name }) => {
      const named = (internal: boolean) =>
        synthesize((stack) => loadBalancer(stack, { ...HTTP, internal }), prefix).the("aws_lb").name;
      expect([named(false), named(true)]).toEqual([`${prefix}-alb`, name]);
    },
  );

  it("keeps a name that was given, inside of the VPC too", () => {
    expect(synthesized({ ...HTTP, internal: true, loadBalancerName: "given" }).the("aws_lb").name).toBe("given");
  });

  it("is served by its listeners until a new load balancer has its own", () => {
    expect(synthesized(HTTP).the("aws_lb_listener").lifecycle).toEqual({ create_before_destroy: true });
  });

  it("takes its target groups with it when it is replaced, because AWS takes a group in one load balancer alone", () => {
    const s = synthesized({ ...HTTP, paths: { one: ["/1"] } });
    const [address] = Object.keys(s.all("aws_lb"));
    const groups = Object.values(s.all("aws_lb_target_group"));
    expect(groups).toHaveLength(2);
    for (const { lifecycle } of groups) {
      expect(lifecycle).toEqual({ create_before_destroy: true, replace_triggered_by: [`aws_lb.${address}.arn`] });
    }
  });

  it("is there for visitors when its listeners, rules and way in are", () => {
    const s = synthesize((stack) => {
      const { dependables } = loadBalancer(stack, { ...HTTPS, paths: { one: ["/1"] } });
      new Eip(stack, "waits", { dependsOn: [...dependables] });
    });
    expect(s.the("aws_eip").depends_on).toEqual([
      expect.stringMatching(/^aws_vpc_security_group_ingress_rule\..*-443/),
      expect.stringMatching(/^aws_vpc_security_group_ingress_rule\..*-80/),
      expect.stringMatching(/^aws_lb_listener\..*port-80/),
      expect.stringMatching(/^aws_lb_listener\..*port-443/),
      expect.stringMatching(/^aws_lb_listener_rule\..*path-one/),
    ]);
  });
});

describe("refuses", () => {
  it.each<{ what: string; props: Props; message: string | RegExp }>([
    {
      what: "one zone",
      props: { ...HTTP, network: { availabilityZones: ["a"] } },
      message: /network: got public subnets in ap-northeast-1a, allowed: .*two zones/,
    },
    {
      what: "neither certificate nor plain http",
      props: {},
      message: "certificateArn, http: got neither, allowed: a certificate, or http: true for plain http",
    },
    { what: "both of them", props: { ...HTTPS, http: true }, message: "certificateArn, http: got both" },
    {
      what: "plain http without saying for whom",
      props: { http: true },
      message: /allowedCidrs: got none.*everybody is "0\.0\.0\.0\/0"/,
    },
    { what: "no allowed blocks", props: { ...HTTPS, allowedCidrs: [] }, message: "allowedCidrs: got none" },
    {
      what: "a malformed block",
      props: { http: true, allowedCidrs: ["me"] },
      message: "got me, allowed: an IPv4 block",
    },
    {
      what: "a certificate of another region, both named",
      props: { certificateArn: CERTIFICATE.replace("ap-northeast-1", "us-east-1") },
      message: /certificateArn: got one of region us-east-1, allowed: one of region ap-northeast-1/,
    },
    {
      what: "a server certificate of IAM",
      props: { certificateArn: "arn:aws:iam::123456789012:server-certificate/web" },
      message: 'certificateArn: got "arn:aws:iam::123456789012:server-certificate/web", allowed: arn:aws:acm:',
    },
    {
      what: "a bucket's address for access logs",
      props: { ...HTTPS, accessLogs: { bucketName: "s3://logs" } },
      message: 'accessLogs.bucketName: got "s3://logs"',
    },
    {
      what: "a prefix that AWS adds itself",
      props: { ...HTTPS, accessLogs: { bucketName: "logs", prefix: "web/AWSLogs" } },
      message: 'accessLogs.prefix: got "web/AWSLogs"',
    },
    { what: "a certificate's id", props: { certificateArn: "12345678" }, message: 'certificateArn: got "12345678"' },
    {
      what: "a web ACL for CloudFront",
      props: { ...HTTPS, webAclArn: WEB_ACL.replace("regional", "global") },
      message: "webAclArn: got",
    },
    {
      what: "a web ACL of another region",
      props: { ...HTTPS, webAclArn: WEB_ACL.replace("ap-northeast-1", "eu-west-1") },
      message: "webAclArn: got one of region eu-west-1, allowed: one of region ap-northeast-1",
    },
    {
      what: "a domain name that is a URL",
      props: { ...HTTPS, domainName: "https://app.example.com" },
      message: 'domainName: got "https://app.example.com"',
    },
    {
      what: "an idle timeout as long as the app's",
      props: { ...HTTP, idleTimeoutSeconds: 65 },
      message: "idleTimeoutSeconds: got 65, allowed: a whole number from 1 to 64",
    },
    {
      what: "an app with Node's own keep-alive",
      props: { ...HTTP, keepAliveSeconds: 5 },
      message:
        "idleTimeoutSeconds: got 60, allowed: a whole number from 1 to 4: the apps behind keep connections for 5 s",
    },
    { what: "no idle timeout", props: { ...HTTP, idleTimeoutSeconds: 0 }, message: "idleTimeoutSeconds: got 0" },
  ])("$what", ({ props, message }) => {
    expect(() => synthesized(props)).toThrow(message);
  });

  it.each([
    { prefix: "x".repeat(29), message: "load balancer name: got" },
    { prefix: "internal-x", message: "load balancer name: got" },
  ])("the name prefix $prefix", ({ prefix, message }) => {
    expect(() => synthesize((stack) => loadBalancer(stack, HTTP), prefix)).toThrow(message);
  });
});
