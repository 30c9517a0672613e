import { Network } from "../../../modules/network";
import { IpDiscovery, NetworkType, RedisCluster, type RedisClusterProps } from "../../../modules/redis";
import { synthesize } from "../../synthesized";

const V6 = { a: "2001:db8:1234:1a00::/64", c: "2001:db8:1234:1a01::/64" };

/** A cache in a network that exists, whose subnets have these IPv6 blocks. */
function synthesizeCache(props: Partial<RedisClusterProps>, blocks: { readonly a?: string; readonly c?: string }) {
  const stack = synthesize((scope) => {
    const subnet = (number: number, ipv6Cidr: string | undefined) => ({
      subnetId: `subnet-0123456789abcdef${number}`,
      cidr: `10.0.${number}.0/24`,
      ...(ipv6Cidr !== undefined && { ipv6Cidr }),
    });
    const network = Network.fromExisting(scope, "network", {
      vpcId: "vpc-0123456789abcdef0",
      cidr: "10.0.0.0/16",
      privateSubnets: { a: subnet(1, blocks.a), c: subnet(2, blocks.c) },
    });
    new RedisCluster(scope, "redis", { network, ...props });
  });
  const { network_type, ip_discovery } = stack.the("aws_elasticache_replication_group");
  return { network_type, ip_discovery };
}

test.each([
  [{}, undefined, undefined],
  [{ networkType: NetworkType.IPV4 }, "ipv4", "ipv4"],
  [{ networkType: NetworkType.DUAL_STACK }, "dual_stack", "ipv4"],
  [{ networkType: NetworkType.DUAL_STACK, ipDiscovery: IpDiscovery.IPV6 }, "dual_stack", "ipv6"],
])("%j is written as %s, discovered by %s", (props, network_type, ip_discovery) => {
  expect(synthesizeCache(props, V6)).toEqual({ network_type, ip_discovery });
});

test.each([
  [
    "a subnet without an IPv6 block",
    {},
    { a: V6.a },
    /networkType: got dual_stack in subnets without an IPv6 block: c,/,
  ],
  ["nodes before Nitro", { nodeType: "cache.m4.large" }, V6, /networkType: got dual_stack with cache\.m4\.large,/],
  [
    "a block of IPv4",
    {},
    { ...V6, c: "10.0.2.0/24" },
    /privateSubnets\.c\.ipv6Cidr: got 10\.0\.2\.0\/24, allowed: an IPv6/,
  ],
  ["a block of an odd size", {}, { ...V6, c: "2001:db8::/63" }, /ipv6Cidr: got 2001:db8::\/63, .*in steps of four/],
])("dual stack is refused for %s", (_, props, blocks, message) => {
  expect(() => synthesizeCache({ networkType: NetworkType.DUAL_STACK, ...props }, blocks)).toThrow(message);
});
