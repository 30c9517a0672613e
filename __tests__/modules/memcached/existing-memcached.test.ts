import { readPhotoCacheEnvironment } from "../../../environment/photo-cache";
import { SecurityGroup } from "../../../modules/connections";
import { type ExistingMemcachedProps, type IMemcachedCluster, MemcachedCluster } from "../../../modules/memcached";
import { synthesize } from "../../synthesized";

describe("MemcachedCluster.fromExisting", () => {
  const existing = (props: Partial<ExistingMemcachedProps> = {}) => {
    let found: IMemcachedCluster | undefined;
    const stack = synthesize((stack) => {
      const told = { host: "photos.cfg.apne1.cache.amazonaws.com", securityGroupId: "sg-0123456789abcdef0", ...props };
      found = MemcachedCluster.fromExisting(stack, "memcached", told);
      const network = { vpcId: "vpc-1" };
      found.allowFrom({ securityGroup: new SecurityGroup(stack, "function", { network, description: "A function" }) });
    });
    return { stack, cluster: found as IMemcachedCluster };
  };

  test("adds a rule to its group and nothing else", () => {
    const { stack, cluster } = existing();
    expect(stack.counts()).toEqual({
      aws_security_group: 1,
      aws_vpc_security_group_egress_rule: 1,
      aws_vpc_security_group_ingress_rule: 1,
    });
    expect(stack.the("aws_vpc_security_group_ingress_rule")).toMatchObject({
      security_group_id: "sg-0123456789abcdef0",
      from_port: 11211,
    });
    expect(cluster.connection).toEqual({
      MEMCACHED_ENDPOINT: "photos.cfg.apne1.cache.amazonaws.com:11211",
      MEMCACHED_TLS: "true",
    });
  });

  test("on another port, in the clear by name", () => {
    const { stack, cluster } = existing({ port: 11212, transitEncryption: false });
    expect(stack.the("aws_vpc_security_group_ingress_rule").to_port).toBe(11212);
    expect(readPhotoCacheEnvironment(cluster.connection).cache).toMatchObject({
      memcached: { port: 11212, tls: false },
    });
  });

  test.each([
    {
      what: "a URL",
      props: { host: "memcached://photos" },
      message: /test\/memcached: host: got "memcached:.*the port in port/,
    },
    { what: "a host with its port", props: { host: "photos:11211" }, message: /host: got "photos:11211"/ },
    { what: "port 0", props: { port: 0 }, message: /Port: got 0, allowed: 1 to 65535/ },
    { what: "a group's name", props: { securityGroupId: "cache" }, message: /security group id: got "cache"/ },
  ])("refuses $what", ({ props, message }) => {
    expect(() => existing(props)).toThrow(message);
  });
});
