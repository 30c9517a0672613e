import ipaddr from "ipaddr.js";

/**
 * Blocks with fewer bits belong to no single owner, so that everybody is in them: IANA hands out IPv4 in blocks of /8, and IPv6 in
 * smaller ones. Two halves of the world are such blocks.
 *
 * @see https://www.iana.org/assignments/ipv4-address-space
 * @see https://www.iana.org/assignments/ipv6-unicast-address-assignments
 */
const OWNED_BITS = 8;

/** Whether everybody is in a network, in any spelling: `0.0.0.0/0`, `::/0`, `0::/0`, halves of the world. */
export function isWorld(network: string): boolean {
  if (!ipaddr.isValidCIDR(network)) return false;
  const [address, bits] = ipaddr.parseCIDR(network);
  return bits < OWNED_BITS && address.range() !== "uniqueLocal";
}
