import ipaddr from "ipaddr.js";

/** A household or a server has a whole /64 of IPv6: its first four groups are one visitor. */
const IPV6_PREFIX_PARTS = 4;

/** The address a throttle counts: IPv4 as it is, also when it comes mapped into IPv6; of IPv6 the /64. */
export function normalizeAddress(address: string): string {
  if (!ipaddr.isValid(address)) return "unknown";
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return parsed.toString();
  return `${(parsed as ipaddr.IPv6).parts
    .slice(0, IPV6_PREFIX_PARTS)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}
